// What all kernels share. Sources are joined to one text and compiled for one variant each, with macros in place of template parameters:
//   NMS_N, NMS_M            the pattern
//   NMS_W, NMS_T, NMS_G ... element types, by the numbers of NMS_F32, NMS_BF16, NMS_F16 ...
// NVRTC brings no headers, so small floats are converted here. The same text compiles as C++ on a host (NMS_HOST): there a block is a loop.
// A kernel is a row of phases: NMS_PHASE ... NMS_END is done by all threads of the block before the next begins, and nothing but shared
// memory goes from one phase to the next.

#define NMS_F32 0
#define NMS_BF16 1
#define NMS_F16 2
#define NMS_I8 3
#define NMS_E4M3 4
#define NMS_I32 5

#define NMS_NONE 0
#define NMS_RELU 1
#define NMS_GELU 2
#define NMS_SILU 3

// What forward multiplies, and what backward does (mask_pass.cu).
#define NMS_RANKED 0
#define NMS_FADING 1
#define NMS_KEPT 2
#define NMS_SOFT 3
#define NMS_ONE 0
#define NMS_SUBSET 1
#define NMS_WHOLE 2

#define NMS_THREADS 256

#ifndef NMS_HOST
#define NMS_KERNEL(name, Args) extern "C" __global__ void __launch_bounds__(NMS_THREADS) name(const __grid_constant__ Args a)
#define NMS_DEVICE static __device__ __forceinline__
#define NMS_SHARED __shared__
#define NMS_DYNAMIC_SHARED(type, name) extern __shared__ __align__(16) type name[]
#define NMS_PHASE {
#define NMS_END } __syncthreads();
#define NMS_UNROLL _Pragma("unroll")
#define NMS_TID ((int)threadIdx.x)
#define NMS_BLOCK_X ((int)blockIdx.x)
#define NMS_BLOCK_Y ((int)blockIdx.y)
#define NMS_GRID_Y ((int)gridDim.y)

// All threads of a warp have to come here together.
NMS_DEVICE void nms_add(unsigned* total, unsigned value)
{
    value = __reduce_add_sync(0xFFFFFFFFu, value);
    if ((threadIdx.x & 31) == 0)
    {
        atomicAdd(total, value);
    }
}

NMS_DEVICE void nms_add_global(unsigned long long* total, unsigned long long value) { atomicAdd(total, value); }

NMS_DEVICE void nms_or_global(unsigned* flags, unsigned value) { atomicOr(flags, value); }

NMS_DEVICE unsigned nms_bits(float value) { return __float_as_uint(value); }

NMS_DEVICE float nms_float(unsigned bits) { return __uint_as_float(bits); }

NMS_DEVICE unsigned nms_to_bf16(float value)
{
    unsigned short code;
    asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(code) : "f"(value));
    return code;
}

NMS_DEVICE unsigned nms_to_f16(float value)
{
    unsigned short code;
    asm("cvt.rn.f16.f32 %0, %1;" : "=h"(code) : "f"(value));
    return code;
}

NMS_DEVICE float nms_from_f16(unsigned code)
{
    float value;
    asm("cvt.f32.f16 %0, %1;" : "=f"(value) : "h"((unsigned short)code));
    return value;
}

// Written out, since a compiler may split the load of a structure; not volatile, so that loads can go ahead of what does not need them.
NMS_DEVICE void nms_load16(const void* source, unsigned (&words)[4])
{
    asm("ld.global.v4.u32 {%0, %1, %2, %3}, [%4];" : "=r"(words[0]), "=r"(words[1]), "=r"(words[2]), "=r"(words[3]) : "l"(source));
}
#endif

// An element type: how it lies in memory, and the bits of its largest finite number.
template <int Type> struct Element;

template <> struct Element<NMS_F32>
{
    typedef unsigned Memory;
    static const int Magnitude = 0x7FFFFFFF;
    static const int LargestFinite = 0x7F7FFFFF;
};

template <> struct Element<NMS_BF16>
{
    typedef unsigned short Memory;
    static const int Magnitude = 0x7FFF;
    static const int LargestFinite = 0x7F7F;
};

template <> struct Element<NMS_F16>
{
    typedef unsigned short Memory;
    static const int Magnitude = 0x7FFF;
    static const int LargestFinite = 0x7BFF;
};

template <int Type> NMS_DEVICE float nms_widen(unsigned code)
{
    return Type == NMS_F32 ? nms_float(code) : Type == NMS_BF16 ? nms_float(code << 16) : nms_from_f16(code);
}

template <int Type> NMS_DEVICE unsigned nms_narrow(float value)
{
    return Type == NMS_F32 ? nms_bits(value) : Type == NMS_BF16 ? nms_to_bf16(value) : nms_to_f16(value);
}

// Equal types keep their bits: nothing is rounded, and no NaN changes.
template <int From, int To> NMS_DEVICE unsigned nms_convert(unsigned code)
{
    return From == To ? code : nms_narrow<To>(nms_widen<From>(code));
}

struct __align__(16) Vector16 { unsigned w[4]; };
struct __align__(8) Vector8 { unsigned w[2]; };

// Count elements from consecutive global memory, zero-extended. `whole` says that they may be read as vectors; `valid` how many there are.
template <int Type, int Count> NMS_DEVICE void nms_load(const void* source, long long first, bool whole, int valid, unsigned (&codes)[Count])
{
    typedef typename Element<Type>::Memory Memory;
    const Memory* memory = (const Memory*)source + first;
    const int bytes = Count * (int)sizeof(Memory);
    if (whole && bytes % 16 == 0)
    {
        NMS_UNROLL
        for (int v = 0; v < bytes / 16; v++)
        {
            unsigned words[4];
            nms_load16((const char*)memory + 16 * v, words);
            NMS_UNROLL
            for (int i = 0; i < 16 / (int)sizeof(Memory); i++)
            {
                const int at = v * (16 / (int)sizeof(Memory)) + i;
                codes[at] = sizeof(Memory) == 4 ? words[i & 3] : words[(i >> 1) & 3] >> (16 * (i & 1)) & 0xFFFF;
            }
        }
    }
    else
    {
        NMS_UNROLL
        for (int i = 0; i < Count; i++)
        {
            codes[i] = i < valid ? memory[i] : 0;
        }
    }
}

// Count elements to consecutive memory.
template <int Type, int Count> NMS_DEVICE void nms_store(void* destination, long long first, bool whole, int valid, const unsigned (&codes)[Count])
{
    typedef typename Element<Type>::Memory Memory;
    Memory* memory = (Memory*)destination + first;
    const int bytes = Count * (int)sizeof(Memory);
    if (whole && bytes % 8 == 0)
    {
        unsigned words[(bytes + 3) / 4];
        NMS_UNROLL
        for (int w = 0; w < bytes / 4; w++)
        {
            words[w] = sizeof(Memory) == 4 ? codes[w % Count] : codes[(2 * w) % Count] | (codes[(2 * w + 1) % Count] << 16);
        }

        if (bytes % 16 == 0)
        {
            NMS_UNROLL
            for (int v = 0; v < bytes / 16; v++)
            {
                const Vector16 vector = {{words[4 * v], words[4 * v + 1], words[4 * v + 2], words[4 * v + 3]}};
                ((Vector16*)memory)[v] = vector;
            }
        }
        else
        {
            NMS_UNROLL
            for (int v = 0; v < bytes / 8; v++)
            {
                const Vector8 vector = {{words[2 * v], words[2 * v + 1]}};
                ((Vector8*)memory)[v] = vector;
            }
        }
    }
    else
    {
        NMS_UNROLL
        for (int i = 0; i < Count; i++)
        {
            if (i < valid)
            {
                memory[i] = (Memory)codes[i];
            }
        }
    }
}

// The N largest of a group's keys as a bit set; keys below zero are no candidates. Member j beats member i if its key is larger, or equal
// and j < i: ties go to the lower index. Bits of |w| compare as integers just as the numbers do.
template <int N, int M> NMS_DEVICE unsigned nms_top(const int (&key)[M])
{
    unsigned kept = 0;
    if (N == 1)
    {
        int best = -1;
        NMS_UNROLL
        for (int i = 0; i < M; i++)
        {
            kept = key[i] > best ? 1u << i : kept;
            best = key[i] > best ? key[i] : best;
        }
    }
    else
    {
        int beaten[M];
        NMS_UNROLL
        for (int i = 0; i < M; i++)
        {
            beaten[i] = 0;
        }

        NMS_UNROLL
        for (int i = 0; i < M; i++)
        {
            NMS_UNROLL
            for (int j = i + 1; j < M; j++)
            {
                const int upper = key[j] > key[i] ? 1 : 0;
                beaten[i] += upper;
                beaten[j] += 1 - upper;
            }
        }

        NMS_UNROLL
        for (int i = 0; i < M; i++)
        {
            kept |= key[i] >= 0 && beaten[i] < N ? 1u << i : 0;
        }
    }

    return kept;
}

// The bits of Count consecutive columns of a mask; what lies past its last column is 0.
template <int Count> NMS_DEVICE unsigned nms_kept(const unsigned* words, int row, int words_per_row, int column)
{
    const unsigned* from = words + (long long)row * words_per_row;
    const int at = column / 32;
    const int shift = column % 32;
    unsigned bits = from[at] >> shift;
    if (shift + Count > 32 && at + 1 < words_per_row)
    {
        bits |= from[at + 1] << (32 - shift);
    }

    return Count == 32 ? bits : bits & ((1u << (Count & 31)) - 1);
}

// d activation(z) / dz from what forward kept: of relu the output, whose sign is that of z, of the others z itself.
template <int Activation> NMS_DEVICE float nms_derivative(float saved)
{
    if (Activation == NMS_RELU)
    {
        return saved > 0 ? 1.0f : 0.0f;
    }

    if (Activation == NMS_GELU)
    {
        const float cumulative = 0.5f + 0.5f * erff(saved * 0.70710678f);
        return cumulative + saved * 0.39894228f * expf(-0.5f * saved * saved);
    }

    if (Activation == NMS_SILU)
    {
        const float sigma = 1.0f / (1.0f + expf(-saved));
        return sigma * (1.0f + saved * (1.0f - sigma));
    }

    return 1.0f;
}

template <int Activation> NMS_DEVICE float nms_activate(float z)
{
    // Not fmaxf: torch's relu keeps NaN.
    return Activation == NMS_RELU ? (z < 0 ? 0.0f : z)
        : Activation == NMS_GELU ? z * (0.5f + 0.5f * erff(z * 0.70710678f))
        : Activation == NMS_SILU ? z / (1.0f + expf(-z))
        : z;
}
