using System.Collections.Immutable;
using BiMaskGen.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BiMaskGen.Generators.Tests.Harness;

/// <summary>Runs all rules over a compilation that the generator has added to, as a build does.</summary>
internal static class AnalyzerRun
{
    public static ImmutableArray<DiagnosticAnalyzer> Rules { get; } = [.. typeof(AttributeRule).Assembly.GetTypes()
        .Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(DiagnosticAnalyzer)))
        .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!)];

    /// <summary>
    /// Asserts that exactly one diagnostic comes, ours, at the given text, and that the compiler has nothing to add; gives its message.
    /// </summary>
    public static async Task<string> Single(string source, string id, string at)
    {
        ImmutableArray<Diagnostic> all = await Diagnostics(source);
        Diagnostic diagnostic = Assert.Single(all);
        Assert.Equal(id, diagnostic.Id);
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
        Assert.Equal(at, diagnostic.Location.SourceTree!.ToString().Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));
        return diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture);
    }

    public static async Task None(string source) => Assert.Empty(await Diagnostics(source));

    /// <summary>What rules and compiler say at warning level or above.</summary>
    public static async Task<ImmutableArray<Diagnostic>> Diagnostics(params string[] sources)
    {
        GeneratorRun run = GeneratorRun.Unchecked(TestCompilation.Of(sources));
        CompilationWithAnalyzers analysis = run.Output.WithAnalyzers(Rules);
        return [.. (await analysis.GetAllDiagnosticsAsync()).Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)];
    }
}
