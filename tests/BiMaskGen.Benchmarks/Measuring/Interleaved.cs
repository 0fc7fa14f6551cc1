using BiMaskGen.Benchmarks.Machine;

namespace BiMaskGen.Benchmarks.Measuring;

/// <summary>
/// Times contenders in turns, A B C A B C …, so that a machine that gets slower or faster meanwhile does so for all. A turn is a burst
/// of calls; with several threads the contender before is given time to put its threads to sleep, and one call wakes those of the next.
/// </summary>
internal static class Interleaved
{
    private const int Settle = 3;

    // A call that takes longer does not notice how its threads were woken.
    private const double WakeLimit = 5;

    internal static Timing[] Measure(IReadOnlyList<Contender> contenders, int threads, Budget budget)
    {
        foreach (Contender contender in contenders)
        {
            WarmUp.Run(contender, budget);
        }

        // Threads that came with the warm-up.
        Cpus.Pin(threads);

        double[] single = [.. contenders.Select(c => Time(c, 1, threads))];
        int[] calls = [.. single.Select(time => (int)Math.Ceiling(Budget.Burst / Math.Max(time, 1e-4)))];
        double shortest = single.Zip(calls, (time, count) => time * count).Min();
        int rounds = Math.Max(budget.MinRounds, (int)Math.Ceiling(budget.Total / shortest));
        Timing[] timings = [.. contenders.Select(c => new Timing(c, new double[rounds]))];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < contenders.Count; i++)
            {
                if (threads > 1)
                {
                    Thread.Sleep(Settle);
                    if (single[i] < WakeLimit)
                    {
                        contenders[i].Run();
                    }
                }

                timings[i].Rounds[round] = Time(contenders[i], calls[i], threads);
            }
        }

        return timings;
    }

    private static double Time(Contender contender, int calls, int threads)
    {
        var clock = new Clock(threads);
        double start = clock.Milliseconds;
        for (int call = 0; call < calls; call++)
        {
            contender.Run();
        }

        return (clock.Milliseconds - start) / calls;
    }
}
