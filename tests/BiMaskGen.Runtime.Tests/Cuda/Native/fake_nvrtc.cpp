// NVRTC: the program becomes a shared library, made by this machine's C++ compiler with the same macros, as fake_setup said.
#include "fake.h"

#include <cstdlib>
#include <fstream>
#include <functional>
#include <sys/stat.h>

struct Program
{
    std::string source, cubin, log;
};

FAKE int nvrtcVersion(int* major, int* minor)
{
    FAKE_ENTER("nvrtcVersion")
    *major = 12;
    *minor = 8;
    return 0;
}

FAKE const char* nvrtcGetErrorString(int code) { return code == 6 ? "NVRTC_ERROR_COMPILATION" : code == 1 ? "NVRTC_ERROR_OUT_OF_MEMORY" : "NVRTC_ERROR_FAKE"; }

FAKE int nvrtcCreateProgram(Program** program, const char* source, const char*, int, const char**, const char**)
{
    FAKE_ENTER("nvrtcCreateProgram")
    *program = new Program{source, "", ""};
    fake().live[ProgramKind]++;
    return 0;
}

FAKE int nvrtcDestroyProgram(Program** program)
{
    FAKE_ENTER("nvrtcDestroyProgram")
    delete *program;
    *program = nullptr;
    fake().live[ProgramKind]--;
    return 0;
}

FAKE int nvrtcCompileProgram(Program* program, int count, const char** options)
{
    FAKE_ENTER("nvrtcCompileProgram")
    std::string macros;
    bool architecture = false;
    for (int i = 0; i < count; i++)
    {
        const std::string option = options[i];
        architecture |= option == "--gpu-architecture=sm_" + std::to_string(fake().capability);
        macros += option.rfind("-D", 0) == 0 ? " " + option : "";
    }

    if (!architecture)
    {
        program->log = "an architecture was expected";
        return 5;
    }

    const std::string path = fake().folder + "/kernel" + std::to_string(std::hash<std::string>()(program->source + macros));
    struct stat ignored;
    if (stat((path + ".so").c_str(), &ignored) != 0)
    {
        std::ofstream(path + ".cpp") << "#include \"host_shim.h\"\n" << program->source;
        const std::string command = fake().compiler + " -std=c++17 -O0 -shared -fPIC -I " + fake().sources + macros
            + " -o " + path + ".so " + path + ".cpp 2>" + path + ".log";
        if (system(command.c_str()) != 0)
        {
            std::ifstream log(path + ".log");
            program->log.assign(std::istreambuf_iterator<char>(log), {});
            return 6;
        }
    }

    program->cubin = "FAKECUBIN:" + path + ".so";
    return 0;
}

FAKE int nvrtcGetCUBINSize(Program* program, size_t* size) { FAKE_ENTER("nvrtcGetCUBINSize") *size = program->cubin.size() + 1; return 0; }

FAKE int nvrtcGetCUBIN(Program* program, char* cubin) { FAKE_ENTER("nvrtcGetCUBIN") strcpy(cubin, program->cubin.c_str()); return 0; }

FAKE int nvrtcGetProgramLogSize(Program* program, size_t* size) { FAKE_ENTER("nvrtcGetProgramLogSize") *size = program->log.size() + 1; return 0; }

FAKE int nvrtcGetProgramLog(Program* program, char* log) { FAKE_ENTER("nvrtcGetProgramLog") strcpy(log, program->log.c_str()); return 0; }
