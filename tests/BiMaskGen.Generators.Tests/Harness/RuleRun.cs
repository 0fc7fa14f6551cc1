using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BiMaskGen.Generators.Tests.Harness;

/// <summary>What one rule says, where, and how loud.</summary>
/// <param name="At">The source text that it points at.</param>
/// <param name="Message">Its message.</param>
/// <param name="Severity">Its severity.</param>
internal sealed record Found(string At, string Message, DiagnosticSeverity Severity);

/// <summary>Runs one rule over sources that compile, as a build does: after the generator.</summary>
internal static class RuleRun
{
    public static Task<Found[]> Of(string id, params string[] sources) => Of(id, ImmutableDictionary<string, string>.Empty, sources);

    public static async Task<Found[]> Of(string id, IReadOnlyDictionary<string, string> properties, params string[] sources)
    {
        Compilation compilation = GeneratorRun.Unchecked(TestCompilation.Of(sources)).Output;
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return [.. (await Diagnostics(id, properties, compilation)).Select(Describe)];
    }

    /// <summary>Asserts that a rule says one thing, at one place, and gives its message.</summary>
    public static async Task<string> Single(string id, DiagnosticSeverity severity, string at, params string[] sources)
    {
        Found found = Assert.Single(await Of(id, sources));
        Assert.Equal((at, severity), (found.At, found.Severity));
        return found.Message;
    }

    public static async Task None(string id, params string[] sources) => Assert.Empty(await Of(id, sources));

    /// <summary>What the rule says of a compilation as it is, in order of the text.</summary>
    public static async Task<Diagnostic[]> Diagnostics(string id, IReadOnlyDictionary<string, string> properties, Compilation compilation)
    {
        ImmutableArray<DiagnosticAnalyzer> rule = [.. AnalyzerRun.Rules.Where(rule => rule.SupportedDiagnostics.Any(d => d.Id == id))];
        CompilationWithAnalyzers analysis = compilation.WithAnalyzers(rule, new AnalyzerOptions([], new BuildProperties(properties)));
        ImmutableArray<Diagnostic> all = await analysis.GetAnalyzerDiagnosticsAsync();
        Assert.All(all, diagnostic => Assert.Equal(id, diagnostic.Id));
        return [.. all.OrderBy(diagnostic => (diagnostic.Location.SourceTree!.FilePath, diagnostic.Location.SourceSpan.Start))];
    }

    public static Found Describe(Diagnostic diagnostic) => new(
        diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan),
        diagnostic.GetMessage(CultureInfo.InvariantCulture),
        diagnostic.Severity);

    private sealed class BuildProperties(IReadOnlyDictionary<string, string> properties) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Options(properties);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;
    }

    private sealed class Options(IReadOnlyDictionary<string, string> properties) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value) =>
            properties.TryGetValue(key.Replace("build_property.", "", StringComparison.Ordinal), out value);
    }
}
