using System.Text;
using Spectre.Console;

namespace BiMaskGen.Tool.Output;

/// <summary>
/// Where a verb writes: results on the output, what passes on the error output. With <c>--json</c> the output is one JSON document and
/// nothing passes.
/// </summary>
internal sealed class Shell
{
    // What a result needs where nobody says how wide the screen is.
    private const int PlainWidth = 160;

    private readonly IAnsiConsole _passing;

    /// <summary>Makes a shell.</summary>
    /// <param name="json">Whether the result is to be JSON.</param>
    /// <param name="output">The output.</param>
    /// <param name="error">The error output.</param>
    public Shell(bool json, TextWriter output, TextWriter error)
    {
        IsJson = json;
        Text = output;
        Results = Create(output, Console.IsOutputRedirected || output != Console.Out);
        _passing = Create(error, Console.IsErrorRedirected || error != Console.Error);
    }

    /// <summary>Whether the result is JSON.</summary>
    public bool IsJson { get; }

    /// <summary>The output itself.</summary>
    public TextWriter Text { get; }

    /// <summary>The output for tables and the like.</summary>
    public IAnsiConsole Results { get; }

    /// <summary>Shows a bar while steps are done; plain output gets no bar.</summary>
    /// <param name="title">What is done.</param>
    /// <param name="steps">How many steps there are.</param>
    /// <param name="work">The work; it gets what to call after each step, with the step's name.</param>
    public T Progress<T>(string title, int steps, Func<Action<string>, T> work)
    {
        if (IsJson || !_passing.Profile.Capabilities.Interactive || steps == 0)
        {
            return work(static _ => { });
        }

        T result = default!;
        _passing.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(progress =>
            {
                ProgressTask task = progress.AddTask(Markup.Escape(title), maxValue: steps);
                result = work(name =>
                {
                    task.Description = Markup.Escape(name);
                    task.Increment(1);
                });
            });
        return result;
    }

    /// <summary>Says why nothing came of it.</summary>
    public void Error(string message)
    {
        if (IsJson)
        {
            Text.WriteLine(JsonOutput.Of(new { error = message }));
        }
        else
        {
            // Not through the console: it would wrap the line at the width of the screen.
            _passing.Profile.Out.Writer.WriteLine($"Error: {message}");
        }
    }

    private static IAnsiConsole Create(TextWriter writer, bool plain)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = plain ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (plain)
        {
            console.Profile.Width = PlainWidth;
            console.Profile.Capabilities.Unicode = writer.Encoding is UTF8Encoding or UnicodeEncoding;
        }

        return console;
    }
}
