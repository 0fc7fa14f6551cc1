using System.CommandLine;
using BiMaskGen.Tool.Output;

namespace BiMaskGen.Tool.Verbs;

/// <summary>What all verbs have in common: <c>--json</c>, errors, exit codes.</summary>
internal static class Verb
{
    /// <summary>Makes a command of work that has a result.</summary>
    /// <typeparam name="T">The result; written as JSON, or shown.</typeparam>
    /// <param name="name">The verb.</param>
    /// <param name="description">What it does.</param>
    /// <param name="symbols">Its arguments and options.</param>
    /// <param name="work">The work.</param>
    /// <param name="show">Shows the result to a reader.</param>
    /// <param name="exitCode">What to tell the caller; done, if there is nothing to say.</param>
    public static Command Create<T>(
        string name,
        string description,
        IEnumerable<Symbol> symbols,
        Func<ParseResult, Shell, CancellationToken, T> work,
        Action<T, Shell> show,
        Func<T, int>? exitCode = null)
    {
        Option<bool> json = new("--json") { Description = "Write the result as JSON." };
        Command command = new(name, description) { json };
        foreach (Symbol symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Add(argument);
            }
            else
            {
                command.Add((Option)symbol);
            }
        }

        // On another thread, so that Ctrl+C is listened for meanwhile.
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
        return command;

        int Run(ParseResult parsed, CancellationToken cancellation)
        {
            Shell shell = new(parsed.GetValue(json), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            try
            {
                T result = work(parsed, shell, cancellation);
                if (shell.IsJson)
                {
                    shell.Text.WriteLine(JsonOutput.Of(result));
                }
                else
                {
                    show(result, shell);
                }

                return exitCode?.Invoke(result) ?? ExitCodes.Done;
            }
            catch (OperationCanceledException)
            {
                shell.Error("cancelled; no file was changed.");
                return ExitCodes.Cancelled;
            }
            catch (Exception e) when (e is NMSparseException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                shell.Error(e.Message);
                return ExitCodes.Failed;
            }
        }
    }

    /// <summary>An argument that names an existing file.</summary>
    public static Argument<FileInfo> File(string name, string description) => new Argument<FileInfo>(name) { Description = description }.AcceptExistingOnly();

    /// <summary>The option that names the file to write.</summary>
    public static Option<FileInfo> Output(string description) => new("--output", "-o") { Description = description, Required = true };
}
