using BiMaskGen.Benchmarks.Machine;
using BiMaskGen.Benchmarks.Measuring;
using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Runtime.Tests.Support;
using BiMaskGen.Sparsify;

namespace BiMaskGen.Benchmarks.Sparsifying;

/// <summary>Prints what the search for the order of the channels gains and how long it takes: CPU time of one pinned core.</summary>
internal static class ChannelTable
{
    /// <summary>Measures the rows whose label contains <paramref name="only"/>.</summary>
    /// <param name="only">Part of a label.</param>
    /// <param name="matrices">Matrices of each row; null for as many as the row says.</param>
    /// <returns>The exit code: 0 if every target is met.</returns>
    internal static int Run(string only, int? matrices)
    {
        Cpus.Pin(1);
        CpuPool.Threads = 1;
        float[] weight = ChannelRow.All[0].Weight(0);
        var contender = new Contender(
            "", Role.Subject, () => ChannelPermutation.Find(weight, 128, 64, new(2, 4), ChannelSearchOptions.Default));
        WarmUp.Run(contender, Budget.Quick);
        Console.WriteLine("Efficacy: percent of the way from N:M in the default order to the largest weights of every row; kept: percent of Σ |w|.");
        Console.WriteLine(
            $"{"weights, filters x channels, pattern",-37} {"mean",7} {"least",7} {"target",7} {"default",8} {"kept",7} {"ms",9} {"target",7} {"met",4}");
        int missed = ChannelRow.All
            .Where(row => row.Label.Contains(only, StringComparison.Ordinal))
            .Count(row => !Measure(row with { Matrices = matrices ?? row.Matrices }));
        Console.WriteLine($"\n{missed} targets missed.");
        return missed == 0 ? 0 : 1;
    }

    private static bool Measure(ChannelRow row)
    {
        double milliseconds = 0, before = 0, after = 0, all = 0;
        List<double> efficacies = [];
        var clock = new Clock(1);
        for (int seed = 0; seed < row.Matrices; seed++)
        {
            float[] weight = row.Weight(seed);
            double start = clock.Milliseconds;
            ChannelOrder found = ChannelPermutation.Find(weight, row.Rows, row.Columns, row.Pattern, ChannelSearchOptions.Default);
            milliseconds += (clock.Milliseconds - start) / row.Matrices;
            efficacies.Add(Efficacy.Of(found, weight, row.Rows, row.Pattern));
            before += found.DefaultKept;
            after += found.Kept;
            all += weight.Sum(w => Math.Abs((double)w));
        }

        double mean = efficacies.Average();
        bool met = !(mean < row.Efficacy) && !(milliseconds > row.Milliseconds);
        string verdict = row.Efficacy is null ? "-" : met ? "yes" : "no";
        Console.WriteLine(FormattableString.Invariant(
            $"{row.Label,-37} {mean,7:f2} {efficacies.Min(),7:f2} {row.Efficacy,7:f1} {100 * before / all,8:f2} {100 * after / all,7:f2} {milliseconds,9:f1} {row.Milliseconds,7:f0} {verdict,4}"));
        Console.Out.Flush();
        return met;
    }
}
