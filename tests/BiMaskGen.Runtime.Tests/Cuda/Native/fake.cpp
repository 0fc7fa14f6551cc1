// The state of the fake libraries, and what tests ask of it.
#include "fake.h"

Fake& fake()
{
    static Fake instance;
    return instance;
}

int fake_enter(const char* function)
{
    fake().calls[function]++;
    if (fake().fail_function == function && fake().fail_after-- == 0)
    {
        return fake().fail_code;
    }

    return 0;
}

void fake_violation(const std::string& what) { fake().violations.push_back(what); }

// What tests ask.
FAKE void fake_setup(const char* folder, const char* compiler, const char* sources)
{
    fake().folder = folder;
    fake().compiler = compiler;
    fake().sources = sources;
}

FAKE void fake_devices(int count) { fake().devices = count; }

FAKE void fake_reset()
{
    std::lock_guard<std::recursive_mutex> lock(fake().gate);
    fake().calls.clear();
    fake().violations.clear();
    fake().stream_work.clear();
    fake().fail_function.clear();
    fake().memory_limit = AllMemory;
    fake().busy = false;
    fake().capability = 90;
    fake().sparse_version = 801;
}

FAKE void fake_fail(const char* function, long after, int code)
{
    std::lock_guard<std::recursive_mutex> lock(fake().gate);
    fake().fail_function = function;
    fake().fail_after = after;
    fake().fail_code = code;
}

FAKE void fake_skip_launches(int count, int after)
{
    fake().skip_launches = count;
    fake().skip_after = after;
}

// major * 10 + minor, and major * 1000 + minor * 100 + patch; until the reset.
FAKE void fake_machine(int capability, int sparse_version)
{
    fake().capability = capability;
    fake().sparse_version = sparse_version;
}

FAKE void fake_limit_memory(size_t bytes) { fake().memory_limit = bytes; }

FAKE long fake_calls(const char* function) { return fake().calls[function]; }

FAKE long fake_live(int kind) { return fake().live[kind]; }

FAKE int fake_kinds() { return KindCount; }

FAKE long fake_stream_work(void* stream) { return fake().stream_work[stream]; }

FAKE int fake_violations(char* text, int length)
{
    std::string all;
    for (const std::string& violation : fake().violations)
    {
        all += violation + "\n";
    }

    strncpy(text, all.c_str(), length - 1);
    return (int)fake().violations.size();
}

// The names of all functions that were called, one a line, for tests that let each fail in turn.
FAKE int fake_called(char* text, int length)
{
    std::string all;
    for (const auto& call : fake().calls)
    {
        all += call.first + "\n";
    }

    strncpy(text, all.c_str(), length - 1);
    return (int)all.size();
}
