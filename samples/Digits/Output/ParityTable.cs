namespace Digits;

/// <summary>Test accuracies beside those of the reference implementation.</summary>
internal static class ParityTable
{
    // Accuracy in percent and its deviation, of the Bi-Mask authors' code with the same recipe on optdigits, seeds 0, 1, 2.
    private static readonly Dictionary<string, (double Mean, double Deviation)> s_reference = new()
    {
        [Variant.Dense] = (96.38, 0.05),
        ["2:4"] = (96.20, 0.09),
        ["1:4"] = (95.66, 0.21),
        ["1:8"] = (94.92, 0.22),
        ["1:16"] = (94.34, 0.14),
    };

    /// <param name="results">The rows.</param>
    /// <param name="reference">Whether the data are those of the reference.</param>
    public static void Print(IReadOnlyList<VariantResult> results, bool reference)
    {
        Console.WriteLine($"{"pattern",-8}{"search",-14}{"test accuracy, %",-20}{(reference ? $"{"reference, %",-18}difference" : "")}".TrimEnd());
        foreach (VariantResult r in results)
        {
            string search = r.Variant.Search?.ToString() ?? "–", line = $"{r.Variant.Pattern,-8}{search,-14}{Cell(100 * r.Mean, 100 * r.Deviation),-20}";
            if (reference && s_reference.TryGetValue(r.Variant.Pattern, out (double Mean, double Deviation) published))
            {
                line += FormattableString.Invariant($"{Cell(published.Mean, published.Deviation),-18}{(100 * r.Mean) - published.Mean,10:+0.00;-0.00}");
            }

            Console.WriteLine(line.TrimEnd());
        }
    }

    private static string Cell(double mean, double deviation) => FormattableString.Invariant($"{mean:F2} ± {deviation:F2}");
}
