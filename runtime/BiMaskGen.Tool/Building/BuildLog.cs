namespace BiMaskGen.Tool.Building;

/// <summary>Speaks to a build: progress as plain lines, errors and warnings on the error output as compilers write them.</summary>
/// <param name="output">Progress.</param>
/// <param name="error">Errors and warnings.</param>
internal sealed class BuildLog(TextWriter output, TextWriter error)
{
    /// <summary>Whether an error was reported.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>A progress line.</summary>
    public void Progress(string line) => output.WriteLine(line);

    /// <summary>An error.</summary>
    /// <param name="code">Its code.</param>
    /// <param name="file">The file it is about.</param>
    /// <param name="message">The message.</param>
    public void Error(string code, string file, string message)
    {
        HasErrors = true;
        Write("error", code, file, message);
    }

    /// <summary>A warning.</summary>
    public void Warning(string code, string file, string message) => Write("warning", code, file, message);

    // One line, whatever a key or an exception holds: a second line would be a message of its own.
    private void Write(string severity, string code, string file, string message) =>
        error.WriteLine($"{file} : {severity} {code}: {string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries))}");
}
