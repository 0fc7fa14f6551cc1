using System.Diagnostics;
using System.Runtime;

namespace BiMaskGen.Benchmarks.Measuring;

/// <summary>Calls a contender until the JIT has nothing left to do for it.</summary>
internal static class WarmUp
{
    private const int Calls = 30;
    private const double Milliseconds = 100;

    // The JIT promotes methods in the background, at the earliest 100 ms after the last method was new, and on one pinned core only
    // while nothing else runs: so the count is compared after a rest.
    private const int TierDelay = 150;
    private const int MaxRepeats = 6;

    internal static void Run(Contender contender, Budget budget)
    {
        for (int repeat = 0; repeat < MaxRepeats; repeat++)
        {
            long compiled = JitInfo.GetCompiledMethodCount();
            Burst(contender, budget.MaxWarmUp);
            Thread.Sleep(TierDelay);
            if (JitInfo.GetCompiledMethodCount() == compiled)
            {
                return;
            }
        }
    }

    private static void Burst(Contender contender, double limit)
    {
        // Two calls of a library are enough to make its kernels and threads.
        int calls = contender.Role == Role.Library ? 2 : Calls;
        long start = Stopwatch.GetTimestamp();
        double elapsed = 0;
        for (int call = 0; (call < calls || elapsed < Milliseconds) && (call < 2 || elapsed < limit); call++)
        {
            contender.Run();
            elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }
}
