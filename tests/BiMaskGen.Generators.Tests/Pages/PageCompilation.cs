using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace BiMaskGen.Generators.Tests.Pages;

/// <summary>Compiles blocks of pages in the reader's project, as a build does: the generator runs.</summary>
internal static class PageCompilation
{
    /// <summary>Runs, and asserts that all of it compiles.</summary>
    public static GeneratorRun Compiled(string page, CodeBlock block, params IEnumerable<string> files)
    {
        GeneratorRun run = Run(files);
        string[] errors = [.. run.Output.Emit(Stream.Null).Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString())];
        Assert.True(errors.Length == 0, $"{page}, line {block.Line}:\n{string.Join('\n', errors)}");
        return run;
    }

    private static GeneratorRun Run(IEnumerable<string> files) => GeneratorRun.Unchecked(
        TestCompilation.Of().AddSyntaxTrees(files.Prepend(ReadersKnowledge.Project).Select((text, i) => CSharpSyntaxTree.ParseText(text, TestCompilation.ParseOptions, $"File{i}.cs"))));
}
