using BiMaskGen.Benchmarks.Machine;
using BiMaskGen.Benchmarks.Measuring;
using BiMaskGen.Masks;
using BiMaskGen.Permutations;
using BiMaskGen.Runtime.Tests.Support;

namespace BiMaskGen.Benchmarks.Permutations;

/// <summary>Prints what each search gains and how long it takes: CPU time of one pinned core, the median of rounds.</summary>
internal static class PermutationTable
{
    /// <summary>Measures the rows whose label contains <paramref name="only"/>.</summary>
    /// <returns>The exit code: 0 if every target is met.</returns>
    internal static int Run(string only)
    {
        Cpus.Pin(1);
        Compile();
        Console.WriteLine("Points over the best of 100 random permutations (Gaussian) or over plain swap (other weights).");
        Console.WriteLine($"{"search weights shape pattern",-42} {"kept %",7} {"points",7} {"target",7} {"ms",9} {"target",7} {"met",4}");
        var yardsticks = new Dictionary<string, double>();
        int missed = 0;
        foreach (PermutationRow row in PermutationRow.All.Where(row => row.Label.Contains(only, StringComparison.Ordinal)))
        {
            missed += Measure(row, yardsticks) ? 0 : 1;
        }

        Console.WriteLine($"\n{missed} targets missed.");
        return missed == 0 ? 0 : 1;
    }

    // All rows run the same code.
    private static void Compile()
    {
        NMMask forward = PermutationRow.All[0].Forward();
        var contender = new Contender("", Role.Subject, () => RowPermutation.Find(forward, new(2, 4), new(PermutationSearch.Thorough)));
        WarmUp.Run(contender, Budget.Quick);
    }

    private static bool Measure(PermutationRow row, Dictionary<string, double> yardsticks)
    {
        NMMask forward = row.Forward();
        string yardstick = $"{row.Weights} {row.Size} {row.Pattern}";
        if (!yardsticks.TryGetValue(yardstick, out double share))
        {
            long kept = row.OverPlainSwap
                ? PlainSwap.Kept(forward, row.Pattern)
                : RowPermutation.Find(forward, row.Pattern, new(PermutationSearch.PaperRandom)).Kept;
            yardsticks[yardstick] = share = Share(kept, forward);
        }

        PermutationResult? result = null;
        var contender = new Contender(
            row.Label, Role.Subject, () => result = RowPermutation.Find(forward, row.Pattern, new(row.Search)));
        double milliseconds = Interleaved.Measure([contender], 1, Budget.Full)[0].Median;
        double found = Share(result!.Kept, forward);
        bool met = !(found - share < row.Points) && !(milliseconds > row.Milliseconds);
        string verdict = row.Points is null ? "-" : met ? "yes" : "no";
        Console.WriteLine(FormattableString.Invariant(
            $"{row.Label,-42} {found,7:f2} {found - share,7:f2} {row.Points,7:f2} {milliseconds,9:f2} {row.Milliseconds,7:f0} {verdict,4}"));
        return met;
    }

    private static double Share(long kept, NMMask forward) => 100.0 * kept / forward.CountKept();
}
