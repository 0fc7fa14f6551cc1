// The CUDA driver: memory is the machine's, streams run at once, a cubin is the path of a shared library (fake_nvrtc.cpp makes it).
#include "fake.h"

#include <chrono>
#include <cstdlib>
#include <dlfcn.h>

static thread_local std::vector<void*> contexts;
static char the_context;

bool fake_has_context() { return !contexts.empty(); }

#define NEEDS_CONTEXT                                   \
    if (!fake_has_context())                            \
    {                                                   \
        return 201;                                     \
    }

FAKE int cuInit(unsigned) { FAKE_ENTER("cuInit") return 0; }

FAKE int cuDriverGetVersion(int* version)
{
    FAKE_ENTER("cuDriverGetVersion")
    *version = 12080;
    return 0;
}

FAKE int cuGetErrorName(int code, const char** name)
{
    *name = code == 2 ? "CUDA_ERROR_OUT_OF_MEMORY" : code == 201 ? "CUDA_ERROR_INVALID_CONTEXT" : "CUDA_ERROR_FAKE";
    return 0;
}

FAKE int cuDeviceGetCount(int* count)
{
    FAKE_ENTER("cuDeviceGetCount")
    *count = fake().devices;
    return 0;
}

FAKE int cuDeviceGet(int* device, int ordinal) { FAKE_ENTER("cuDeviceGet") *device = ordinal; return 0; }

FAKE int cuDeviceGetName(char* name, int length, int) { FAKE_ENTER("cuDeviceGetName") strncpy(name, "Fake H200", length); return 0; }

FAKE int cuDeviceGetAttribute(int* value, int attribute, int)
{
    FAKE_ENTER("cuDeviceGetAttribute")
    *value = attribute == 75 ? fake().capability / 10 : attribute == 76 ? fake().capability % 10 : attribute == 16 ? 132 : attribute == 97 ? 227 << 10 : 1;
    return 0;
}

FAKE int cuDeviceTotalMem_v2(size_t* bytes, int) { FAKE_ENTER("cuDeviceTotalMem_v2") *bytes = AllMemory; return 0; }

FAKE int cuDevicePrimaryCtxRetain(void** context, int)
{
    FAKE_ENTER("cuDevicePrimaryCtxRetain")
    *context = &the_context;
    fake().live[ContextKind]++;
    return 0;
}

FAKE int cuDevicePrimaryCtxRelease_v2(int)
{
    FAKE_ENTER("cuDevicePrimaryCtxRelease_v2")
    fake().live[ContextKind]--;
    return 0;
}

FAKE int cuCtxPushCurrent_v2(void* context)
{
    FAKE_ENTER("cuCtxPushCurrent_v2")
    if (fake().live[ContextKind] <= 0)
    {
        return 201;
    }

    contexts.push_back(context);
    return 0;
}

FAKE int cuCtxPopCurrent_v2(void** context)
{
    FAKE_ENTER("cuCtxPopCurrent_v2")
    NEEDS_CONTEXT
    *context = contexts.back();
    contexts.pop_back();
    return 0;
}

FAKE int cuCtxSynchronize()
{
    FAKE_ENTER("cuCtxSynchronize")
    NEEDS_CONTEXT
    return 0;
}

FAKE int cuDeviceGetDefaultMemPool(void** pool, int) { FAKE_ENTER("cuDeviceGetDefaultMemPool") *pool = &the_context; return 0; }

FAKE int cuMemPoolSetAttribute(void*, int attribute, const void* value)
{
    FAKE_ENTER("cuMemPoolSetAttribute")
    return attribute == 4 && *(const unsigned long long*)value == ~0ull ? 0 : 1;
}

FAKE int cuMemGetInfo_v2(size_t* free, size_t* total) { FAKE_ENTER("cuMemGetInfo_v2") *free = *total = AllMemory; return 0; }

FAKE int cuMemAllocAsync(unsigned long long* pointer, size_t bytes, void*)
{
    FAKE_ENTER("cuMemAllocAsync")
    NEEDS_CONTEXT
    if (bytes == 0)
    {
        return 1;
    }

    if (bytes > fake().memory_limit)
    {
        return 2;
    }

    // Of no particular content, as on a GPU.
    void* memory = aligned_alloc(256, (bytes + 255) / 256 * 256);
    memset(memory, 0xCD, bytes);
    *pointer = (unsigned long long)memory;
    fake().memory[*pointer] = bytes;
    fake().live[MemoryKind]++;
    return 0;
}

FAKE int cuMemFreeAsync(unsigned long long pointer, void* stream)
{
    FAKE_ENTER("cuMemFreeAsync")
    NEEDS_CONTEXT
    if (stream != nullptr && fake().streams.count(stream) == 0)
    {
        fake_violation("memory is freed on a stream that is gone");
    }

    if (fake().memory.erase(pointer) == 0)
    {
        fake_violation("memory is freed that is not allocated");
        return 1;
    }

    free((void*)pointer);
    fake().live[MemoryKind]--;
    return 0;
}

FAKE int cuMemHostAlloc(void** pointer, size_t bytes, unsigned)
{
    FAKE_ENTER("cuMemHostAlloc")
    NEEDS_CONTEXT
    *pointer = malloc(bytes);
    fake().live[HostMemoryKind]++;
    return 0;
}

FAKE int cuMemFreeHost(void* pointer)
{
    FAKE_ENTER("cuMemFreeHost")
    free(pointer);
    fake().live[HostMemoryKind]--;
    return 0;
}

static int copy(const char* function, unsigned long long destination, unsigned long long source, size_t bytes, void* stream)
{
    FAKE_ENTER(function)
    NEEDS_CONTEXT
    memcpy((void*)destination, (const void*)source, bytes);
    fake().stream_work[stream]++;
    return 0;
}

FAKE int cuMemcpyHtoDAsync_v2(unsigned long long d, const void* s, size_t n, void* stream) { return copy("cuMemcpyHtoDAsync_v2", d, (unsigned long long)s, n, stream); }

FAKE int cuMemcpyDtoHAsync_v2(void* d, unsigned long long s, size_t n, void* stream) { return copy("cuMemcpyDtoHAsync_v2", (unsigned long long)d, s, n, stream); }

FAKE int cuMemcpyDtoDAsync_v2(unsigned long long d, unsigned long long s, size_t n, void* stream) { return copy("cuMemcpyDtoDAsync_v2", d, s, n, stream); }

FAKE int cuMemsetD8Async(unsigned long long destination, unsigned char value, size_t bytes, void* stream)
{
    FAKE_ENTER("cuMemsetD8Async")
    NEEDS_CONTEXT
    memset((void*)destination, value, bytes);
    fake().stream_work[stream]++;
    return 0;
}

FAKE int cuModuleLoadData(void** module, const void* image)
{
    FAKE_ENTER("cuModuleLoadData")
    NEEDS_CONTEXT
    if (strncmp((const char*)image, "FAKECUBIN:", 10) != 0)
    {
        return 200;
    }

    *module = dlopen((const char*)image + 10, RTLD_NOW | RTLD_LOCAL);
    if (*module == nullptr)
    {
        return 209;
    }

    fake().live[ModuleKind]++;
    return 0;
}

FAKE int cuModuleUnload(void* module)
{
    FAKE_ENTER("cuModuleUnload")
    NEEDS_CONTEXT
    dlclose(module);
    fake().live[ModuleKind]--;
    return 0;
}

FAKE int cuModuleGetFunction(void** function, void* module, const char* name)
{
    FAKE_ENTER("cuModuleGetFunction")
    *function = dlsym(module, name);
    return *function == nullptr ? 500 : 0;
}

FAKE int cuFuncSetAttribute(void*, int, int) { FAKE_ENTER("cuFuncSetAttribute") return 0; }

FAKE int cuLaunchKernel(void* function, unsigned x, unsigned y, unsigned, unsigned threads, unsigned, unsigned, unsigned shared, void* stream, void** arguments, void**)
{
    FAKE_ENTER("cuLaunchKernel")
    NEEDS_CONTEXT
    if (threads != 256 || x == 0 || y == 0 || y > 65535)
    {
        return 1;
    }

    // A failure that nobody is told of, for tests of what verifies results.
    if (fake().skip_after > 0)
    {
        fake().skip_after--;
    }
    else if (fake().skip_launches > 0)
    {
        fake().skip_launches--;
        return 0;
    }

    std::vector<char> memory(shared + 16);
    ((void (*)(const void*, int, int, void*, int))function)(arguments[0], (int)x, (int)y, memory.data(), (int)shared);
    fake().stream_work[stream]++;
    return 0;
}

static int make(const char* function, Kind kind, void** object)
{
    FAKE_ENTER(function)
    NEEDS_CONTEXT
    *object = calloc(1, sizeof(double));
    fake().live[kind]++;
    return 0;
}

static int unmake(const char* function, Kind kind, void* object)
{
    FAKE_ENTER(function)
    free(object);
    fake().live[kind]--;
    return 0;
}

FAKE int cuStreamCreate(void** stream, unsigned)
{
    const int code = make("cuStreamCreate", StreamKind, stream);
    if (code == 0)
    {
        fake().streams.insert(*stream);
    }

    return code;
}

FAKE int cuStreamDestroy_v2(void* stream)
{
    fake().streams.erase(stream);
    return unmake("cuStreamDestroy_v2", StreamKind, stream);
}

FAKE int cuStreamSynchronize(void*) { FAKE_ENTER("cuStreamSynchronize") return 0; }

FAKE int cuStreamWaitEvent(void*, void*, unsigned) { FAKE_ENTER("cuStreamWaitEvent") return 0; }

FAKE int cuEventCreate(void** e, unsigned) { return make("cuEventCreate", EventKind, e); }

FAKE int cuEventDestroy_v2(void* e) { return unmake("cuEventDestroy_v2", EventKind, e); }

FAKE int cuEventRecord(void* e, void*)
{
    FAKE_ENTER("cuEventRecord")
    *(double*)e = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
    return 0;
}

FAKE int cuEventQuery(void*)
{
    FAKE_ENTER("cuEventQuery")
    const int NotReady = 600;
    return fake().busy ? NotReady : 0;
}

FAKE void fake_busy(int busy)
{
    std::lock_guard<std::recursive_mutex> lock(fake().gate);
    fake().busy = busy != 0;
}

FAKE int cuEventSynchronize(void*) { FAKE_ENTER("cuEventSynchronize") return 0; }

FAKE int cuEventElapsedTime(float* milliseconds, void* start, void* end)
{
    FAKE_ENTER("cuEventElapsedTime")
    *milliseconds = (float)(*(double*)end - *(double*)start);
    return 0;
}
