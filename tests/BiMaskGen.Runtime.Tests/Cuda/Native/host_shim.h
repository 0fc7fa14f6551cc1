// Lets the CUDA sources compile as C++: a thread block becomes a loop, its shared memory a variable of the calling thread.
// Numbers are converted by rules written out here, not by the processor, so that every host rounds as the GPU does.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#define NMS_HOST
#define NMS_DEVICE static inline
#define NMS_SHARED static thread_local
#define NMS_DYNAMIC_SHARED(type, name) type* name = (type*)nms_dynamic
#define NMS_PHASE for (nms_tid = 0; nms_tid < NMS_THREADS; nms_tid++) {
#define NMS_END }
#define NMS_UNROLL
#define NMS_TID nms_tid
#define NMS_BLOCK_X nms_block_x
#define NMS_BLOCK_Y nms_block_y
#define NMS_GRID_Y nms_grid_y
#define __align__(n) alignas(n)

// A kernel is exported as name + suffix: one file may hold it in many variants.
#ifndef NMS_SUFFIX
#define NMS_SUFFIX
#endif
#define NMS_JOIN(a, b) a##b
#define NMS_EXPORTED(name, suffix) NMS_JOIN(name, suffix)
#define NMS_KERNEL(name, Args)                                                                                           \
    static void name##_block(const Args& a);                                                                             \
    extern "C" void NMS_EXPORTED(name, NMS_SUFFIX)(const void* argument, int grid_x, int grid_y, void* shared, int bytes) \
    {                                                                                                                    \
        nms_dynamic = shared;                                                                                            \
        nms_grid_y = grid_y;                                                                                             \
        for (nms_block_y = 0; nms_block_y < grid_y; nms_block_y++)                                                       \
        {                                                                                                                \
            for (nms_block_x = 0; nms_block_x < grid_x; nms_block_x++)                                                   \
            {                                                                                                            \
                memset(shared, 0xCD, bytes);                                                                             \
                name##_block(*(const Args*)argument);                                                                    \
            }                                                                                                            \
        }                                                                                                                \
    }                                                                                                                    \
    static void name##_block(const Args& a)

static thread_local int nms_tid, nms_block_x, nms_block_y, nms_grid_y;
static thread_local void* nms_dynamic;

NMS_DEVICE void nms_add(unsigned* total, unsigned value) { *total += value; }

NMS_DEVICE void nms_add_global(unsigned long long* total, unsigned long long value) { *total += value; }

NMS_DEVICE void nms_or_global(unsigned* flags, unsigned value) { *flags |= value; }

NMS_DEVICE unsigned nms_bits(float value)
{
    unsigned bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

NMS_DEVICE float nms_float(unsigned bits)
{
    float value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

// To the nearest, of two equally near to the even one; NaN becomes the quiet NaN that the GPU makes.
NMS_DEVICE unsigned nms_to_bf16(float value)
{
    const unsigned bits = nms_bits(value);
    return (bits & 0x7FFFFFFF) > 0x7F800000 ? 0x7FFF : (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
}

NMS_DEVICE unsigned nms_to_f16(float value)
{
    const unsigned sign = nms_bits(value) >> 16 & 0x8000;
    const float magnitude = std::fabs(value);
    if (std::isnan(value))
    {
        return 0x7FFF;
    }

    if (magnitude >= 65520.0f)
    {
        return sign | 0x7C00;
    }

    if (magnitude == 0)
    {
        return sign;
    }

    // In units of the last place that a number of this size has in float16; nearbyint rounds ties to even.
    int exponent;
    std::frexp(magnitude, &exponent);
    const int place = exponent - 11 < -24 ? -24 : exponent - 11;
    const int units = (int)std::nearbyint(std::ldexp((double)magnitude, -place));
    return sign | (unsigned)(place == -24 ? units : units + ((place + 24) << 10));
}

NMS_DEVICE float nms_from_f16(unsigned code)
{
    const int exponent = code >> 10 & 31;
    const int mantissa = code & 1023;
    const float magnitude = exponent == 31 ? (mantissa == 0 ? INFINITY : NAN)
        : exponent == 0                    ? std::ldexp((float)mantissa, -24)
                                           : std::ldexp((float)(mantissa + 1024), exponent - 25);
    return code & 0x8000 ? -magnitude : magnitude;
}

NMS_DEVICE void nms_load16(const void* source, unsigned (&words)[4]) { memcpy(words, source, sizeof(words)); }
