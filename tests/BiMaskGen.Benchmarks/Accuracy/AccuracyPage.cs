using BiMaskGen.Benchmarks.Contenders;
using BiMaskGen.Reports;

namespace BiMaskGen.Benchmarks.Accuracy;

/// <summary>Puts the tables of a log into a page, each between its marks, and the charts beside it.</summary>
internal static class AccuracyPage
{
    private const string End = "<!-- end of table -->";

    private static readonly (string Method, string Options, string Color)[] s_curves =
    [
        (Variant.Dense, "", "#444444"),
        (nameof(SparseMethod.BiMask), "", "#1f6fb4"),
        (nameof(SparseMethod.SrSte), "", "#d9541e"),
        (nameof(SparseMethod.Transposable), "", "#2a9d4a"),
        (nameof(SparseMethod.Bdwp), "", "#8e44ad"),
        (nameof(SparseMethod.DoublePruned), "", "#b8860b"),
        (nameof(SparseMethod.MaskDecay), "MaskShare=0.8", "#c2185b"),
    ];

    /// <summary>Writes page and charts; the exit code.</summary>
    /// <exception cref="InvalidDataException">The page lacks the marks of a table.</exception>
    internal static int Write(FileInfo page, IReadOnlyList<RunRecord> log)
    {
        string text = File.ReadAllText(page.FullName);
        foreach ((string name, string lines) in AccuracyTables.Of(log))
        {
            text = Replaced(text, name, lines);
        }

        string draft = page.FullName + ".tmp";
        File.WriteAllText(draft, text);
        File.Move(draft, page.FullName, overwrite: true);
        RunRecord[] digits = [.. log.Where(r => r.Key.Task == "digits")];
        string folder = Path.Combine(page.DirectoryName!, Path.GetFileNameWithoutExtension(page.Name));
        ByPattern(digits, Path.Combine(folder, "error-by-pattern.svg"));
        ByEpoch(digits, "1:16", Path.Combine(folder, "error-by-epoch.svg"));
        return 0;
    }

    private static string Replaced(string text, string name, string lines)
    {
        string mark = $"<!-- table {name} -->\n";
        int start = text.IndexOf(mark, StringComparison.Ordinal), end = start < 0 ? -1 : text.IndexOf(End, start, StringComparison.Ordinal);
        return end < 0
            ? throw new InvalidDataException($"The page has no place for the table {name}: a line {mark.TrimEnd()} and after it a line {End}.")
            : $"{text[..(start + mark.Length)]}{lines}\n{text[end..]}";
    }

    private static void ByPattern(RunRecord[] runs, string path)
    {
        string[] patterns = ["1:16", "1:8", "1:4", "2:4"];
        Save("Digits: test error by the share of weights kept", "weights kept, %", path, runs, own => own.Any(r => r.Key.Pattern == Variant.Dense)
            ? [.. patterns.Select(p => (Kept(p), Error(own)))]
            : [.. patterns.Where(p => own.Any(r => r.Key.Pattern == p)).Select(p => (Kept(p), Error([.. own.Where(r => r.Key.Pattern == p)])))]);

        static double Error(RunRecord[] own) => 100 - own.Average(r => r.Score);

        static double Kept(string pattern) => PatternLabel.Parse(pattern) is var p ? 100.0 * p.N / p.M : 0;
    }

    // From the third epoch on: the first ones are far above and would flatten what follows.
    private static void ByEpoch(RunRecord[] runs, string pattern, string path) =>
        Save($"Digits: test error along the training at {pattern}", "epoch", path, runs, own =>
        {
            RunRecord[] shown = [.. own.Where(r => r.Key.Pattern == pattern || r.Key.Pattern == Variant.Dense)];
            return [.. Enumerable.Range(2, Math.Max(0, shown.Min(r => r.Curve.Count) - 2)).Select(e => (e + 1.0, 100 - shown.Average(r => r.Curve[e])))];
        });

    private static void Save(string title, string xLabel, string path, RunRecord[] runs, Func<RunRecord[], List<(double, double)>> points)
    {
        var series = from curve in s_curves
                     let own = runs.Where(r => r.Key.Method == curve.Method && r.Key.Options == curve.Options).ToArray()
                     where own.Length > 0
                     select new ChartSeries(curve.Method, curve.Color, points(own), Markers: true);
        new SvgChart(title, xLabel, "test error, %").Save(path, [.. series]);
    }
}
