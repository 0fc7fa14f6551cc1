using System.Globalization;
using System.Text.RegularExpressions;
using BiMaskGen.Generators.Tests.Harness;
using BiMaskGen.Package.Tests.Harness;

namespace BiMaskGen.Package.Tests.Pages;

/// <summary>A stranger with an empty folder who copies docs/getting-started.md, from the first step to the last, and nothing else.</summary>
[Collection(nameof(Packages))]
public sealed partial class GettingStartedTests(PackageFeed feed)
{
    private const int Steps = 200;

    // A step is counted when the next one sees the weights that it left.
    private const int Counted = Steps - 1;

    [Fact]
    public void The_page_leads_from_an_empty_folder_to_sparse_training()
    {
        MarkdownPage page = MarkdownPage.Open(Path.Combine(BuiltFiles.Repository, "docs", "getting-started.md"));
        CodeBlock[] steps = [.. page.Blocks.Where(b => StepHeading().IsMatch(b.Heading))];
        Assert.Equal(5, steps.Select(b => b.Heading).Distinct().Count());
        using ConsumerFolder folder = new(feed);
        string output = new Reader(folder.Path).Follow(steps);

        // Every call of both layers was redirected: dense and sparse calls of y, and of dX of the second layer alone, for nobody asks for that of x.
        // The first call of a product always tries the sparse kernel.
        foreach ((string layer, int products) in new[] { ("fc1", 1), ("fc2", 2) })
        {
            Match row = Regex.Match(output, $@"^{layer} +BiMask +2:4 .* 50\.00 % .* {Counted} .* (\d+)/(\d+)\r?$", RegexOptions.Multiline);
            Assert.True(row.Success, output);
            Assert.InRange(Number(row.Groups[1]), 1, (products * Steps) + 1);
            Assert.Equal((products * Steps) + 1, Number(row.Groups[1]) + Number(row.Groups[2]));
        }

        Assert.Contains("head: dense", output, StringComparison.Ordinal);
        Match accuracy = Regex.Match(output, @"^accuracy ([\d.]+) ?%\r?$", RegexOptions.Multiline);
        Assert.True(accuracy.Success, output);
        Assert.InRange(Number(accuracy.Groups[1]), 90, 100);
    }

    private static double Number(Group text) => double.Parse(text.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\d\. ")]
    private static partial Regex StepHeading();

    /// <summary>Someone who types commands and saves files.</summary>
    private sealed class Reader(string folder)
    {
        private string _folder = folder;

        /// <summary>Follows blocks in order; gives what the last command printed.</summary>
        public string Follow(IEnumerable<CodeBlock> blocks)
        {
            string output = "";
            foreach (CodeBlock block in blocks)
            {
                switch (block)
                {
                    case { Language: "sh" }:
                        foreach (string command in block.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                        {
                            output = Type(command, output);
                        }

                        break;
                    case { Language: "csharp", File: { } file }:
                        File.WriteAllText(Path.Combine(_folder, file), block.Text);
                        break;
                    case { Language: "text" }:      // what it prints
                        break;
                    default:
                        Assert.Fail($"line {block.Line}: nobody can say what to do with this block");
                        break;
                }
            }

            return output;
        }

        private string Type(string command, string before)
        {
            string[] words = command.Split(' ');
            if (words[0] != "cd")
            {
                return Processes.Run(_folder, words[0], words[1..]).Succeeded().Output;
            }

            _folder = Path.Combine(_folder, words[1]);
            Assert.True(Directory.Exists(_folder), command);
            return before;
        }
    }
}
