using System.Collections.Immutable;
using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BiMaskGen.Generators.Tests.Specimens;

/// <summary>What compiler, generator and rules make of a specimen.</summary>
internal static class SpecimenRun
{
    /// <summary>
    /// Everything that is said of it: our diagnostics of every severity, anything of the compiler's from warning on, of analysis and of
    /// emission, and AD0001 if a rule threw.
    /// </summary>
    public static async Task<ImmutableArray<Diagnostic>> Diagnostics(Specimen specimen, Compilation output)
    {
        AnalyzerOptions options = new([], new SameForAllFiles(specimen.Settings));
        CompilationWithAnalyzers analysis = output.WithAnalyzers(AnalyzerRun.Rules, options);
        ImmutableArray<Diagnostic> said = await analysis.GetAllDiagnosticsAsync();
        IEnumerable<Diagnostic> ofEmission = said.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            ? []
            : output.Emit(Stream.Null).Diagnostics;
        return [.. said.Where(IsSaid).Concat(ofEmission.Where(IsSaid)).Distinct()];
    }

    private static bool IsSaid(Diagnostic diagnostic) =>
        diagnostic.Severity >= DiagnosticSeverity.Warning || diagnostic.Id.StartsWith("NMS", StringComparison.Ordinal);

    /// <summary>Options as MSBuild writes them for analyzers: the same for all files.</summary>
    private sealed class SameForAllFiles(IReadOnlyDictionary<string, string> values) : AnalyzerConfigOptionsProvider
    {
        private readonly Values _values = new(values);

        public override AnalyzerConfigOptions GlobalOptions => _values;

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => _values;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => _values;

        private sealed class Values(IReadOnlyDictionary<string, string> values) : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, out string value) => values.TryGetValue(key, out value!);
        }
    }
}
