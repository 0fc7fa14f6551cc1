using BiMaskGen.Benchmarks.Machine;
using BiMaskGen.Benchmarks.Measuring;
using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Runtime.Tests.Support;
using BiMaskGen.Sparsify;

namespace BiMaskGen.Benchmarks.Sparsifying;

/// <summary>Prints how fast a layer is sparsified at 2:4 in memory, by each method, without any search and with the searches that are the default.</summary>
internal static class OneShotTable
{
    private const int Size = 4096;
    private const int Samples = 512;

    /// <summary>Measures the methods.</summary>
    internal static int Run(int threads)
    {
        Cpus.Pin(threads);
        CpuPool.Threads = threads;
        float[] weight = TestWeights.Gaussian(Size * Size, 1), inputs = TestWeights.Gaussian(Samples * Size, 2);
        var statistics = new CalibrationStatistics("layer", Size, withGram: true);
        Print($"{Samples} inputs into X Xᵀ", inputs.Length, Time(() => statistics.Add(inputs), threads, 3));
        OneShotOptions plain = new(new(2, 4)) { Rows = new(PermutationSearch.Identity) };
        foreach (OneShotOptions options in new[]
        {
            plain,
            plain with { Rows = new(PermutationSearch.Swap) },
            plain with { Method = PruningMethod.Wanda },
            plain with { Method = PruningMethod.SparseGpt },
            plain with { Channels = ChannelSearchOptions.Default },
        })
        {
            SparsifiedLayer? layer = null;
            double time = Time(() => layer = OneShot.Sparsify("layer", weight, Size, Size, options, statistics), threads, options == plain ? 30 : 3);
            string searches = options.Channels is null ? $"rows {options.Rows.Search}" : "rows Identity, channels";
            Print(FormattableString.Invariant($"{options.Method}, {searches}, keeps {100 * layer!.Kept.Magnitude:f2} %"), weight.Length, time);
        }

        return 0;
    }

    private static void Print(string what, long floats, double milliseconds) => Console.WriteLine(FormattableString.Invariant(
        $"{Size} x {Size} {what,-45} {milliseconds,9:f1} ms {floats * sizeof(float) / milliseconds / 1e6,8:f2} GB/s"));

    // The shortest: whoever else the machine serves can only add to it.
    private static double Time(Action run, int threads, int calls)
    {
        var clock = new Clock(threads);
        double shortest = double.MaxValue;
        for (int call = 0; call < calls; call++)
        {
            double start = clock.Milliseconds;
            run();
            shortest = Math.Min(shortest, clock.Milliseconds - start);
        }

        return shortest;
    }
}
