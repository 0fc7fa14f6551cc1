using System.Diagnostics;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Cuda;

/// <summary>The C++ compilers that this machine may have.</summary>
internal static class NativeCompiler
{
    private static readonly string[] s_hosts = ["g++", "c++", "clang++"];
    private static readonly string[] s_devices = ["clang-20", "clang-19", "clang-18", "clang-17", "clang-16", "clang-15", "clang-14", "clang"];

    /// <summary>A compiler for this machine, or null.</summary>
    public static string? Host { get; } = OperatingSystem.IsLinux() ? Find(s_hosts) : null;

    /// <summary>A compiler that may know NVIDIA's GPUs, or null.</summary>
    public static string? Device { get; } = OperatingSystem.IsLinux() ? Find(s_devices) : null;

    public static string NoHost => $"No C++ compiler on the path of a Linux machine; looked for {string.Join(", ", s_hosts)}.";

    public static string NoDevice => $"No clang on the path of a Linux machine; looked for {string.Join(", ", s_devices)}.";

    /// <summary>The folder of the C++ files beside the tests.</summary>
    public static string Sources { get; } = Path.Combine(AppContext.BaseDirectory, "Cuda", "Native");

    /// <summary>Runs a compiler.</summary>
    /// <returns>What it said, if it failed.</returns>
    public static string? Run(string compiler, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(compiler) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"{compiler} {string.Join(' ', start.ArgumentList)}\n{output.Result}{error}";
    }

    /// <summary>Makes a shared library out of C++ files.</summary>
    public static void BuildLibrary(string output, params IEnumerable<string> arguments)
    {
        string? problem = Run(Host!, ["-std=c++17", "-O1", "-shared", "-fPIC", "-fvisibility=default", "-Wall", "-Wno-unknown-pragmas", "-Wno-unused", "-I", Sources, "-o", output, .. arguments]);
        Assert.True(problem is null, problem);
    }

    private static string? Find(string[] names) =>
        names.SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
}

/// <summary>A test that needs a C++ compiler; skipped, with the reason, where there is none.</summary>
public sealed class NativeFactAttribute : FactAttribute
{
    public NativeFactAttribute() => Skip = NativeCompiler.Host is null ? NativeCompiler.NoHost : null;
}

/// <summary>The same, with cases.</summary>
public sealed class NativeTheoryAttribute : TheoryAttribute
{
    public NativeTheoryAttribute() => Skip = NativeCompiler.Host is null ? NativeCompiler.NoHost : null;
}
