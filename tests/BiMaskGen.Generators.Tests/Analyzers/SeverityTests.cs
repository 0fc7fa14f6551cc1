using System.Collections.Immutable;
using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Tests.Analyzers;

/// <summary>What .editorconfig says of a rule holds, also where the project's target has changed its severity.</summary>
public sealed class SeverityTests
{
    private static readonly Dictionary<string, string> s_cuda = new() { ["BiMaskTarget"] = "cuda" };

    [Theory]
    [InlineData("NMS002", 50, ReportDiagnostic.Error, DiagnosticSeverity.Error)]
    [InlineData("NMS002", 50, ReportDiagnostic.Info, DiagnosticSeverity.Info)]
    [InlineData("NMS004", 40, ReportDiagnostic.Error, DiagnosticSeverity.Error)]
    [InlineData("NMS004", 40, ReportDiagnostic.Default, DiagnosticSeverity.Warning)]
    public async Task Changed(string id, int width, ReportDiagnostic configured, DiagnosticSeverity severity) =>
        Assert.Equal(severity, Assert.Single(await Run(id, width, configured)).Severity);

    [Theory]
    [InlineData("NMS002", 50)]
    [InlineData("NMS004", 40)]
    public async Task SwitchedOff(string id, int width) => Assert.Empty(await Run(id, width, ReportDiagnostic.Suppress));

    /// <summary>A build runs no rule of which it knows nothing above information.</summary>
    [Theory]
    [InlineData("NMS002", DiagnosticSeverity.Warning)]
    [InlineData("NMS004", DiagnosticSeverity.Warning)]
    [InlineData("NMS010", DiagnosticSeverity.Info)]
    public void HighestSeverityThatABuildKnowsOf(string id, DiagnosticSeverity severity) => Assert.Equal(
        severity, AnalyzerRun.Rules.SelectMany(rule => rule.SupportedDiagnostics).Where(rule => rule.Id == id).Max(rule => rule.DefaultSeverity));

    private static Task<Diagnostic[]> Run(string id, int width, ReportDiagnostic configured)
    {
        string source = Sources.Class("[NMSparse(2, 4)]", $"private readonly Linear fc = Linear({width}, 64);");
        Compilation compilation = GeneratorRun.Unchecked(TestCompilation.Of(source)).Output;
        CompilationOptions options = compilation.Options.WithSyntaxTreeOptionsProvider(new EditorConfig(id, configured));
        return RuleRun.Diagnostics(id, s_cuda.ToImmutableDictionary(), compilation.WithOptions(options));
    }

    private sealed class EditorConfig(string id, ReportDiagnostic configured) : SyntaxTreeOptionsProvider
    {
        public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellationToken) => GeneratedKind.Unknown;

        public override bool TryGetDiagnosticValue(SyntaxTree tree, string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity)
        {
            severity = configured;
            return diagnosticId == id && configured != ReportDiagnostic.Default;
        }

        public override bool TryGetGlobalDiagnosticValue(string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity)
        {
            severity = ReportDiagnostic.Default;
            return false;
        }
    }
}
