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

inline float fake_widen(int type, const void* data, long long at)
{
    return type == 0 ? ((const float*)data)[at]
        : type == 14 ? nms_float((unsigned)((const unsigned short*)data)[at] << 16)
                     : nms_from_f16(((const unsigned short*)data)[at]);
}

inline void fake_narrow(int type, void* data, long long at, float value)
{
    if (type == 0)
    {
        ((float*)data)[at] = value;
    }
    else
    {
        ((unsigned short*)data)[at] = (unsigned short)(type == 14 ? nms_to_bf16(value) : nms_to_f16(value));
    }
}
