using System.Runtime.InteropServices;

namespace BiMaskGen.Benchmarks.Machine;

/// <summary>What the benchmark needs of the C library on Linux.</summary>
internal static unsafe partial class Libc
{
    internal const int ThreadCpuClock = 3;

    /// <summary>Sets a variable that native libraries read; .NET's own call changes only what managed code sees.</summary>
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    internal static partial int SetAffinity(int thread, nuint bytes, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    internal static partial int GetAffinity(int thread, nuint bytes, ulong* mask);

    /// <summary>CPU time of all processes that this one has started and that have ended.</summary>
    internal static double ChildrenCpuMilliseconds()
    {
        const int children = -1;
        long* usage = stackalloc long[32]; // User and system time, each as seconds and microseconds, come first.
        return OperatingSystem.IsLinux() && GetUsage(children, usage) == 0
            ? ((usage[0] + usage[2]) * 1e3) + ((usage[1] + usage[3]) * 1e-3)
            : double.NaN;
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, long* usage);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    internal static partial int GetClock(int clock, long* secondsAndNanoseconds);
}
