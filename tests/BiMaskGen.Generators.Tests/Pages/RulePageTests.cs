using System.Collections.Immutable;
using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Tests.Pages;

/// <summary>A rule speaks of the bad example of its page, and is silent about the good one; both compile.</summary>
public sealed class RulePageTests
{
    public static TheoryData<string> Rules => [.. PageList.OfRules.Select(page => Path.GetFileNameWithoutExtension(page))];

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task ExamplesAreWhatTheySay(string id)
    {
        string page = $"analyzers/docs/rules/{id}.md";
        foreach (CodeBlock block in PageList.Open(page).Blocks.Where(block => block.Language == "csharp"))
        {
            Compilation compilation = PageCompilation.Compiled(page, block, PageCode.File(block.Text)).Output;
            Diagnostic[] said = await RuleRun.Diagnostics(id, ImmutableDictionary<string, string>.Empty, compilation);
            Assert.True(
                block.Heading switch { "Bad" => said.Length > 0, "Good" => said.Length == 0, _ => false },
                $"{id}, line {block.Line}, {block.Heading}: {string.Join('\n', said.Select(d => d.ToString()))}");
        }
    }
}
