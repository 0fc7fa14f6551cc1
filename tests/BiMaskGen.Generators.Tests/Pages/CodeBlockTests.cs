using BiMaskGen.Generators.Tests.Harness;

namespace BiMaskGen.Generators.Tests.Pages;

/// <summary>Whoever copies C# from a page gets something that compiles.</summary>
public sealed class CodeBlockTests
{
    // RulePageTests compiles those of the rules.
    public static TheoryData<string> PagesWithCode => [.. PageList.ForUsers.Except(PageList.OfRules).Where(page => Code(page).Any())];

    [Theory]
    [MemberData(nameof(PagesWithCode))]
    public void EveryBlockCompiles(string page)
    {
        // A block sees the types of those before it, but for names that it declares itself.
        List<CodeBlock> before = [];
        foreach (CodeBlock block in Code(page))
        {
            HashSet<string> own = [.. PageCode.Types(block.Text)];
            IEnumerable<CodeBlock> others = before.Where(other => PageCode.Types(other.Text).Any() && !PageCode.Types(other.Text).Any(own.Contains));
            PageCompilation.Compiled(page, block, [.. others.Select(other => PageCode.File(other.Text)), PageCode.File(block.Text)]);
            before.Add(block);
        }
    }

    [Fact]
    public void BlocksSayWhatTheyAre() => Assert.All(PageList.ForUsers, page => Assert.All(
        PageList.Open(page).Blocks,
        block => Assert.True(block is { Language: "csharp" or "sh" or "text" or "xml" or "python", Mark: "" } or { Language: "csharp", Mark: "emitted" }, $"{page}, line {block.Line}: ```{block.Language} {block.Mark}")));

    private static IEnumerable<CodeBlock> Code(string page) => PageList.Open(page).Blocks.Where(block => block is { Language: "csharp", Mark: "" });
}
