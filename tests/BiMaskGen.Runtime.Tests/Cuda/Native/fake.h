// A stand-in for the CUDA driver, NVRTC, cuSPARSELt and cuBLASLt on memory of the machine: one library that exports all four. It computes what
// they would, counts every object that is made and given back, refuses what the real ones refuse, and fails when a test tells it to.
#pragma once

#include "host_shim.h"

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#define FAKE extern "C" __attribute__((visibility("default")))

// Objects that have to be given back.
enum Kind
{
    ContextKind,
    MemoryKind,
    HostMemoryKind,
    ModuleKind,
    StreamKind,
    EventKind,
    ProgramKind,
    BlasHandleKind,
    BlasDescriptionKind,
    BlasLayoutKind,
    BlasPreferenceKind,
    SparseHandleKind,
    SparseMatrixKind,
    SparseSelectionKind,
    SparsePlanKind,
    KindCount
};

// What the GPU has.
static const size_t AllMemory = (size_t)1 << 34;

struct Fake
{
    std::recursive_mutex gate;
    long live[KindCount] = {};
    std::map<std::string, long> calls;
    std::map<unsigned long long, size_t> memory;
    std::map<void*, long> stream_work;
    std::set<void*> streams;
    std::vector<std::string> violations;
    std::string fail_function;
    long fail_after = 0;
    int fail_code = 0;
    size_t memory_limit = AllMemory;
    int devices = 1;
    int skip_launches = 0;
    bool busy = false;
    int skip_after = 0;

    // What the GPU and cuSPARSELt say of themselves.
    int capability = 90;
    int sparse_version = 801;

    // For fake_nvrtc.cpp: where programs go, what compiles them, where host_shim.h is.
    std::string folder, compiler, sources;
};

Fake& fake();

// Counts the call and says which code it has to fail with; 0 to go on.
int fake_enter(const char* function);

// What the real library would not let pass, or would answer with garbage.
void fake_violation(const std::string& what);

// Whether the thread has a context.
bool fake_has_context();

#define FAKE_ENTER(function)                            \
    std::lock_guard<std::recursive_mutex> lock(fake().gate); \
    if (int failure = fake_enter(function))             \
    {                                                   \
        return failure;                                 \
    }

// cudaDataType
enum
{
    FakeF32 = 0,
    FakeF16 = 2,
    FakeI8 = 3,
    FakeI32 = 10,
    FakeBF16 = 14,
    FakeE4M3 = 28
};

inline int fake_bytes(int type) { return type == FakeF32 || type == FakeI32 ? 4 : type == FakeI8 || type == FakeE4M3 ? 1 : 2; }

inline float fake_from_e4m3(unsigned char code)
{
    const int exponent = code >> 3 & 15, mantissa = code & 7;
    const float magnitude = (code & 0x7F) == 0x7F ? NAN : exponent == 0 ? std::ldexp((float)mantissa, -9) : std::ldexp((float)(mantissa + 8), exponent - 10);
    return code & 0x80 ? -magnitude : magnitude;
}

inline float fake_widen(int type, const void* data, long long at)
{
    switch (type)
    {
        case FakeF32: return ((const float*)data)[at];
        case FakeI8: return ((const signed char*)data)[at];
        case FakeE4M3: return fake_from_e4m3(((const unsigned char*)data)[at]);
        case FakeBF16: return nms_float((unsigned)((const unsigned short*)data)[at] << 16);
        default: return nms_from_f16(((const unsigned short*)data)[at]);
    }
}

inline void fake_narrow(int type, void* data, long long at, float value)
{
    if (type == FakeF32)
    {
        ((float*)data)[at] = value;
    }
    else
    {
        ((unsigned short*)data)[at] = (unsigned short)(type == FakeBF16 ? nms_to_bf16(value) : nms_to_f16(value));
    }
}
