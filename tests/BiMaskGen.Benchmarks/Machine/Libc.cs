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

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    internal static partial int GetClock(int clock, long* secondsAndNanoseconds);
}
