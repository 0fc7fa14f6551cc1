using System.Text.RegularExpressions;

namespace BiMaskGen.Generators.Tests.Harness;

/// <summary>A fenced block of a page.</summary>
/// <param name="Language">The first word after the fence: csharp, text, sh, …; empty if there is none.</param>
/// <param name="Mark">What follows the language; only tests read it.</param>
/// <param name="Text">Its lines, without the indentation of the fence.</param>
/// <param name="Line">The line of its fence, from 1.</param>
/// <param name="Heading">The heading that it stands under, without the marks.</param>
/// <param name="File">The file that it is, where the line before the block begins with the file's name in backticks and ends with a colon.</param>
internal sealed record CodeBlock(string Language, string Mark, string Text, int Line, string Heading, string? File);

/// <summary>A page of documentation, as far as tests read it. Shared by the projects that run or compile what pages say.</summary>
internal sealed partial class MarkdownPage
{
    private MarkdownPage(string text)
    {
        string[] lines = text.Split('\n');
        List<CodeBlock> blocks = [];
        List<string> prose = [];
        string heading = "", caption = "";
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i];
            Match fence = Fence().Match(line);
            if (!fence.Success)
            {
                heading = line.StartsWith('#') ? line.TrimStart('#').Trim() : heading;
                caption = line.Length > 0 ? line : caption;
                prose.Add(line);
                continue;
            }

            string indent = fence.Groups[1].Value;
            int end = Array.IndexOf(lines, indent + "```", i + 1);
            Assert.True(end > 0, $"the block at line {i + 1} has no end");
            IEnumerable<string> code = lines[(i + 1)..end].Select(l => l.StartsWith(indent, StringComparison.Ordinal) ? l[indent.Length..] : l);
            Match file = FileCaption().Match(caption);
            blocks.Add(new CodeBlock(
                fence.Groups[2].Value, fence.Groups[3].Value.Trim(), string.Join('\n', code) + "\n", i + 1, heading, file.Success ? file.Groups[1].Value : null));
            i = end;
            caption = "";
        }

        Blocks = blocks;
        Prose = string.Join('\n', prose);
    }

    public IReadOnlyList<CodeBlock> Blocks { get; }

    /// <summary>What is not in a block.</summary>
    public string Prose { get; }

    public static MarkdownPage Open(string file) => new(File.ReadAllText(file).ReplaceLineEndings("\n"));

    [GeneratedRegex("^( *)```([a-z]*)(.*)$")]
    private static partial Regex Fence();

    [GeneratedRegex("^`([^`]+)`.*:$")]
    private static partial Regex FileCaption();
}
