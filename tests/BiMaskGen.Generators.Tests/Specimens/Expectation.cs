using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Tests.Specimens;

/// <summary>A diagnostic that a specimen announces in a comment: <c>// expect NMS002: ...in_features 50 ...</c>.</summary>
/// <param name="Path">The file.</param>
/// <param name="Line">The line it is reported at, from 1: the comment's own, or the next line of code where the comment stands alone.</param>
/// <param name="Id">Its id.</param>
/// <param name="Severity">Its severity if it is not the rule's own.</param>
/// <param name="Message">The whole message, with ... for any text in between; null if only the id is announced.</param>
internal sealed partial record Expectation(string Path, int Line, string Id, DiagnosticSeverity? Severity, string? Message)
{
    /// <summary>The announcements of a file, in order.</summary>
    public static IEnumerable<Expectation> In(string path, string text)
    {
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (Comment().Match(lines[i]) is { Success: true } comment)
            {
                int at = i;
                while (lines[at].TrimStart().StartsWith("//", StringComparison.Ordinal))
                {
                    at++;
                }

                DiagnosticSeverity? severity = comment.Groups["severity"] is { Success: true } word
                    ? Enum.Parse<DiagnosticSeverity>(word.Value, ignoreCase: true)
                    : null;
                string? message = comment.Groups["message"] is { Success: true } rest ? rest.Value.Trim() : null;
                foreach (Capture id in comment.Groups["id"].Captures)
                {
                    yield return new Expectation(path, at + 1, id.Value, severity, message);
                }
            }
        }
    }

    public bool IsMetBy(Diagnostic diagnostic)
    {
        FileLinePositionSpan place = Place(diagnostic);
        return diagnostic.Id == Id && place.Path == Path && place.StartLinePosition.Line + 1 == Line
            && (Severity is null || diagnostic.Severity == Severity)
            && (Message is null || Matches(diagnostic.GetMessage(CultureInfo.InvariantCulture)));
    }

    public override string ToString() => $"{Path}({Line}): {Id}{(Message is null ? "" : ": " + Message)}";

    public static string Describe(Diagnostic diagnostic)
    {
        FileLinePositionSpan place = Place(diagnostic);
        string message = diagnostic.GetMessage(CultureInfo.InvariantCulture);
        return $"{place.Path}({place.StartLinePosition.Line + 1}): {diagnostic.Severity} {diagnostic.Id}: {message}";
    }

    // Not the mapped one: a #line directive must not move an announcement.
    private static FileLinePositionSpan Place(Diagnostic diagnostic) => diagnostic.Location.GetLineSpan();

    private bool Matches(string message) =>
        Regex.IsMatch(message, "^" + string.Join(".*", Message!.Split("...").Select(Regex.Escape)) + "$", RegexOptions.Singleline);

    [GeneratedRegex(@"// expect (?<severity>hidden |info |warning |error )?(?<id>\w+\d+)(, (?<id>\w+\d+))*(: (?<message>.+))?\s*$")]
    private static partial Regex Comment();
}
