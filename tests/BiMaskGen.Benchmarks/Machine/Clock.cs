using System.Diagnostics;

namespace BiMaskGen.Benchmarks.Machine;

/// <summary>
/// The CPU time of the calling thread where a row has one thread: all contenders then work on it alone, and what else the machine does
/// takes none of it. Wall-clock time for more threads.
/// </summary>
internal readonly struct Clock(int threads)
{
    private readonly bool _cpu = threads == 1 && OperatingSystem.IsLinux();

    internal unsafe double Milliseconds
    {
        get
        {
            if (!_cpu)
            {
                return Stopwatch.GetTimestamp() * 1e3 / Stopwatch.Frequency;
            }

            long* time = stackalloc long[2];
            _ = Libc.GetClock(Libc.ThreadCpuClock, time);
            return (time[0] * 1e3) + (time[1] * 1e-6);
        }
    }
}
