using System.Diagnostics;

namespace Samples;

/// <summary>
/// One line that is rewritten in a terminal, and a plain line every 5 % where the output goes to a file.
/// </summary>
internal sealed class ProgressBar(int total, string unit)
{
    private const int Cells = 24;
    private const int PlainLines = 20;

    private readonly bool _terminal = !Console.IsOutputRedirected;
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _drawn;
    private int _width, _plain;

    /// <summary>Shows that <paramref name="done"/> of the total are done; <paramref name="text"/> is asked for only when it is shown.</summary>
    public void Report(int done, Func<string> text)
    {
        if (!_terminal)
        {
            int line = (int)((long)done * PlainLines / total);
            if (line > _plain)
            {
                _plain = line;
                Console.WriteLine(Line(done, text()));
            }

            return;
        }

        // Ten frames a second are enough for an eye, and cost no training time.
        if (done < total && _drawn != 0 && Stopwatch.GetElapsedTime(_drawn).TotalSeconds < 0.1)
        {
            return;
        }

        _drawn = Stopwatch.GetTimestamp();
        Rewrite(Line(done, text()));
        if (done == total)
        {
            Console.WriteLine();
        }
    }

    private string Line(int done, string text)
    {
        int full = (int)((long)done * Cells / total);
        TimeSpan left = Stopwatch.GetElapsedTime(_start) / Math.Max(done, 1) * (total - done);
        string bar = _terminal ? $"[{new string('#', full)}{new string('.', Cells - full)}] " : "";
        string eta = done == total ? "" : $"  {(int)left.TotalMinutes}:{left.Seconds:D2} left";
        return FormattableString.Invariant($"{bar}{100L * done / total,3} %  {unit} {done}/{total}  {text}{eta}");
    }

    private void Rewrite(string line)
    {
        // A line that wraps could not be taken back by a carriage return.
        int columns = Console.WindowWidth - 1;
        if (columns > 0 && line.Length > columns)
        {
            line = line[..columns];
        }

        Console.Write('\r' + line.PadRight(_width));
        _width = line.Length;
    }
}
