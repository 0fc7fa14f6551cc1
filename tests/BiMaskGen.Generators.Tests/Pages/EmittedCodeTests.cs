using System.Text.RegularExpressions;
using BiMaskGen.Generators.Tests.Harness;

namespace BiMaskGen.Generators.Tests.Pages;

/// <summary>What pages show as emitted is what the generator emits for the model of the page.</summary>
public sealed partial class EmittedCodeTests
{
    public static TheoryData<string> PagesWithEmittedCode => [.. PageList.ForUsers.Where(page => Emitted(page).Any())];

    [Theory]
    [MemberData(nameof(PagesWithEmittedCode))]
    public void EmittedCodeIsReal(string page)
    {
        foreach (CodeBlock block in Emitted(page))
        {
            CodeBlock model = PageList.Open(page).Blocks.Last(b => b is { Language: "csharp", Mark: "" } && b.Line < block.Line && PageCode.Types(b.Text).Any());
            GeneratorRun run = PageCompilation.Compiled(page, model, PageCode.File(model.Text, otherNamespace: "Demo"));
            string all = Shortened(string.Join('\n', run.Files.Select(file => file.SourceText.ToString())));
            Assert.Contains(Shortened(block.Text), all, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<CodeBlock> Emitted(string page) => PageList.Open(page).Blocks.Where(block => block.Mark == "emitted");

    /// <summary>Without attributes for tools, checksums, namespaces and line breaks.</summary>
    private static string Shortened(string code)
    {
        string text = ForTools().Replace(code, "");
        text = Site().Replace(text, "[InterceptsLocation(1, \"…\")]");
        return Spaces().Replace(Qualifier().Replace(text, ""), " ").Trim();
    }

    [GeneratedRegex(@"\[global::System\.(CodeDom|ComponentModel)[^\n]*\n")]
    private static partial Regex ForTools();

    [GeneratedRegex("""\[(global::System\.Runtime\.CompilerServices\.)?InterceptsLocation\(1, "[^"]*"\)\]""")]
    private static partial Regex Site();

    // Namespaces, and the classes of TorchSharp that a project imports with `using static`.
    [GeneratedRegex(@"global::(TorchSharp\.torch\.nn\.|TorchSharp\.torch\.|TorchSharp\.|BiMaskGen\.(Generated|Kernels|Loading|Patterns|Training)\.|BiMaskGen\.|System\.Collections\.Generic\.)")]
    private static partial Regex Qualifier();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
