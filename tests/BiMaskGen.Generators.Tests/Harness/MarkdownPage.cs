using System.Text.RegularExpressions;

namespace BiMaskGen.Generators.Tests.Harness;

/// <summary>A fenced block of a page.</summary>
/// <param name="Language">What follows the fence: csharp, text, sh, …; empty if nothing does.</param>
/// <param name="Text">Its lines.</param>
/// <param name="Line">The line of its fence, from 1.</param>
/// <param name="Heading">The heading that it stands under, without the marks.</param>
/// <param name="File">The file that it is, where the line before the block begins with the file's name in backticks and ends with a colon.</param>
internal sealed record CodeBlock(string Language, string Text, int Line, string Heading, string? File);

/// <summary>A page of documentation, as far as tests read it. Shared by the projects that run or compile what pages say.</summary>
internal sealed partial class MarkdownPage
{
    private MarkdownPage(string text)
    {
        Text = text;
        Blocks = [.. Read(text.Split('\n'))];
    }

    public string Text { get; }

    public IReadOnlyList<CodeBlock> Blocks { get; }

    public static MarkdownPage Open(string file) => new(File.ReadAllText(file).ReplaceLineEndings("\n"));

    private static IEnumerable<CodeBlock> Read(string[] lines)
    {
        string heading = "", caption = "";
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i];
            if (!line.StartsWith("```", StringComparison.Ordinal))
            {
                heading = line.StartsWith('#') ? line.TrimStart('#').Trim() : heading;
                caption = line.Length > 0 ? line : caption;
                continue;
            }

            int end = Array.FindIndex(lines, i + 1, l => l == "```");
            Assert.True(end > 0, $"the block at line {i + 1} has no end");
            Match file = FileCaption().Match(caption);
            yield return new CodeBlock(
                line[3..].Trim(), string.Join('\n', lines[(i + 1)..end]) + "\n", i + 1, heading, file.Success ? file.Groups[1].Value : null);
            i = end;
            caption = "";
        }
    }

    [GeneratedRegex("^`([^`]+)`.*:$")]
    private static partial Regex FileCaption();
}
