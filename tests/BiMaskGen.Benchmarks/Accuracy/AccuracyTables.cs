using System.Globalization;
using BiMaskGen.Benchmarks.Contenders;

namespace BiMaskGen.Benchmarks.Accuracy;

/// <summary>
/// The tables of a log, in Markdown: a row for each method with its options, a column for each pattern. A cell of more or fewer seeds than most
/// says how many in brackets.
/// </summary>
internal static class AccuracyTables
{
    private const string Missing = "–";

    /// <summary>The tables by name. Those of a task are of one data set and one recipe.</summary>
    /// <exception cref="InvalidDataException">The log mixes data sets or recipes.</exception>
    internal static IEnumerable<(string Name, string Lines)> Of(IReadOnlyList<RunRecord> log)
    {
        foreach (IGrouping<string, RunRecord> task in log.GroupBy(r => r.Key.Task))
        {
            string[] kinds = [.. task.Select(r => $"{r.Key.Data}; {r.Key.Recipe}").Distinct()];
            if (kinds.Length > 1)
            {
                throw new InvalidDataException($"The log holds runs of {task.Key} that cannot be compared: {string.Join(" and ", kinds)}. Keep a log for each.");
            }

            // A study of a few variants has no rows for some tables.
            foreach ((string name, string lines) in (task.Key == "digits" ? Digits([.. task]) : Text([.. task])).Where(t => t.Lines.Length > 0))
            {
                yield return ($"{task.Key}-{name}", lines);
            }
        }
    }

    private static IEnumerable<(string Name, string Lines)> Digits(RunRecord[] runs)
    {
        RunRecord[] methods = [.. runs.Where(IsMethod)], searches = [.. runs.Where(r => IsPlain(r) || IsSearch(r))];
        RunRecord[] options = [.. runs.Where(r => r.Key.Method == nameof(SparseMethod.BiMask) && !IsSearch(r))];
        yield return ("methods", Table(methods, Score(2)));
        yield return ("methods-difference", Table([.. methods.Where(r => r.Key.Method != Variant.Dense)], Difference(runs, nameof(SparseMethod.SrSte), "")));
        yield return ("searches", Table(searches, Score(2)));
        yield return ("searches-difference", Table(searches, Difference(runs, nameof(SparseMethod.BiMask), "Search=Identity")));
        yield return ("searches-kept", Table(searches, Kept));
        yield return ("options", Table(options, Score(2)));
        yield return ("options-difference", Table(options, Difference(runs, nameof(SparseMethod.BiMask), "")));
    }

    private static IEnumerable<(string Name, string Lines)> Text(RunRecord[] runs)
    {
        yield return ("loss", Table(runs, Score(4)));
        yield return ("loss-difference", Table([.. runs.Where(r => r.Key.Method != Variant.Dense)], Difference(runs, Variant.Dense, "", digits: 4)));
    }

    private static bool IsSearch(RunRecord r) => r.Key.Options.StartsWith("Search=", StringComparison.Ordinal);

    private static bool IsPlain(RunRecord r) => r.Key is { Method: nameof(SparseMethod.BiMask), Options: "" };

    private static bool IsMethod(RunRecord r) => IsPlain(r) || r.Key.Method != nameof(SparseMethod.BiMask);

    private static Func<IReadOnlyList<RunRecord>, string> Score(int digits) => cell =>
    {
        Sample sample = Sample.Of([.. cell.Select(r => r.Score)]);
        return $"{sample.Mean.ToString($"F{digits}", CultureInfo.InvariantCulture)} ± {sample.Deviation.ToString($"F{digits}", CultureInfo.InvariantCulture)}";
    };

    private static Func<IReadOnlyList<RunRecord>, string> Difference(RunRecord[] all, string method, string options, int digits = 2) => cell =>
    {
        RunKey key = cell[0].Key;
        string pattern = method == Variant.Dense ? Variant.Dense : key.Pattern;
        if (key.Method == method && key.Options == options)
        {
            return "0";
        }

        return Sample.OfDifferences(cell, all.Where(r => r.Key.Pattern == pattern && r.Key.Method == method && r.Key.Options == options)) is { } sample
            ? $"{Signed(sample.Mean, digits)} ± {sample.Error.ToString($"F{digits}", CultureInfo.InvariantCulture)}"
            : Missing;
    };

    // What rounds to zero has no sign.
    private static string Signed(double value, int digits)
    {
        string zeros = "0." + new string('0', digits);
        return Math.Round(value, digits).ToString($"+{zeros};−{zeros};{zeros}", CultureInfo.InvariantCulture);
    }

    private static string Kept(IReadOnlyList<RunRecord> cell) => cell.All(r => r.KeptBackward is not null)
        ? string.Create(CultureInfo.InvariantCulture, $"{100 * cell.Average(r => r.KeptBackward!.Value):F1} %")
        : Missing;

    private static string Table(IReadOnlyList<RunRecord> runs, Func<IReadOnlyList<RunRecord>, string> cell)
    {
        if (runs.Count == 0)
        {
            return "";
        }

        string[] patterns = [.. runs.Select(r => r.Key.Pattern).Distinct().Where(p => p != Variant.Dense).OrderBy(Sparsity).ThenBy(p => p.Length)];
        var rows = runs.GroupBy(r => (r.Key.Method, r.Key.Options)).OrderBy(r => Order(r.Key.Method)).ThenBy(r => r.Key.Options, StringComparer.Ordinal).ToArray();
        int seeds = runs.GroupBy(r => (r.Key.Pattern, r.Key.Method, r.Key.Options)).Select(c => c.Count()).GroupBy(n => n).MaxBy(n => n.Count())!.Key;
        List<string> lines = [$"| | {string.Join(" | ", patterns)} |", $"|---|{string.Concat(Enumerable.Repeat("---|", patterns.Length))}"];
        foreach (var row in rows)
        {
            // What is dense has no pattern: one figure, which stands in the first column.
            IEnumerable<string> cells = (row.Key.Method == Variant.Dense ? [Variant.Dense, .. patterns.Skip(1).Select(_ => "")] : patterns)
                .Select(pattern => row.Where(r => r.Key.Pattern == pattern).ToArray() is { Length: > 0 } found ? cell(found) + (found.Length == seeds ? "" : $" ({found.Length})") : pattern.Length == 0 ? "" : Missing);
            lines.Add($"| {Name(row.Key.Method, row.Key.Options)} | {string.Join(" | ", cells)} |");
        }

        return string.Join('\n', lines);
    }

    private static string Name(string method, string options) => options.Length == 0 ? method : $"{method}, {options.Replace(" ", ", ", StringComparison.Ordinal).Replace("=", " = ", StringComparison.Ordinal)}";

    private static int Order(string method) => method == Variant.Dense ? -1 : (int)Enum.Parse<SparseMethod>(method);

    private static double Sparsity(string pattern)
    {
        NMPattern parsed = PatternLabel.Parse(pattern);
        return (double)parsed.M / parsed.N;
    }
}
