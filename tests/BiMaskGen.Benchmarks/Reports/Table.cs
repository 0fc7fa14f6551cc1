using System.Globalization;

namespace BiMaskGen.Benchmarks.Reports;

/// <summary>Prints a table per work, each row as soon as it is there.</summary>
internal sealed class Table
{
    private string? _work;
    private int _void, _met, _missed;

    internal void Add(Result result)
    {
        if (_work != result.Work)
        {
            _work = result.Work;
            Print("");
            Print(
                $"{"work pattern rows x in x out, threads",-37} {"ms",9}  {"fastest library",-23} {"ratio",6} {"target",6} {"met",4} " +
                $"{"own",6} {"GFLOP/s",8} {"peak",5} {"GB/s",6} {"copy",5}");
        }

        Count(result);
        string rival = result.Rival is { } best ? Text($"{best.Contender.Name} {best.Median:f3}") : "none";
        string bandwidth = result.GigaBytes is { } bytes ? Text($"{bytes,6:f1} {result.FractionOfCopy,5:p0}") : $"{"-",6} {"-",5}";
        string ratio = $"{Number(result.Ratio),6} {Number(result.Target),6} {Verdict(result),4} {Number(result.OwnRatio),6}";
        string speed = Text($"{result.GigaFlops,8:f1} {result.FractionOfPeak,5:p0}");
        Print(Text($"{result.Row.Label,-37} {result.SparseMs,9:f4}  {rival,-23} {ratio} {speed} {bandwidth}"));
    }

    internal static void Remark(string? text)
    {
        if (text is not null)
        {
            Print("  " + text);
        }
    }

    internal void Finish() => Print($"\n{_met} targets met, {_missed} missed, {_void} rows void.");

    private void Count(Result result)
    {
        _void += result.IsVoid ? 1 : 0;
        _met += result.Ratio >= result.Target ? 1 : 0;
        _missed += result.Ratio < result.Target ? 1 : 0;
    }

    private static string Verdict(Result result) =>
        result.IsVoid ? "void"
        : result.Target is null ? "-"
        : result.Ratio >= result.Target ? "yes" : "no";

    private static string Number(double? value) => value is { } number ? number.ToString("f2", CultureInfo.InvariantCulture) : "-";

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    // The output of a long run is often a file: whoever looks sees how far it is.
    private static void Print(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }
}
