using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace BiMaskGen.Benchmarks.Compiling;

/// <summary>
/// An analyzer assembly whose one rule looks at the kinds of things that ours look at, and does nothing. With it the compiler does what any analyzer
/// makes it do: raise an event for each symbol, walk its nodes, and tell generated code from other code.
/// </summary>
internal static class SilentAnalyzer
{
    private const string Source = """
        using System.Collections.Immutable;
        using Microsoft.CodeAnalysis;
        using Microsoft.CodeAnalysis.CSharp;
        using Microsoft.CodeAnalysis.Diagnostics;

        [DiagnosticAnalyzer(LanguageNames.CSharp)]
        public sealed class Silent : DiagnosticAnalyzer
        {
            public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(
                new DiagnosticDescriptor("SILENT", "Nothing", "Nothing", "None", DiagnosticSeverity.Warning, isEnabledByDefault: true));

            public override void Initialize(AnalysisContext context)
            {
                context.EnableConcurrentExecution();
                context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
                context.RegisterSymbolAction(_ => { }, SymbolKind.NamedType, SymbolKind.Field, SymbolKind.Property);
                context.RegisterSyntaxNodeAction(_ => { }, SyntaxKind.SimpleMemberAccessExpression, SyntaxKind.InvocationExpression);
            }
        }
        """;

    /// <summary>Compiles it.</summary>
    /// <exception cref="InvalidOperationException">It does not compile.</exception>
    internal static void Write(string path)
    {
        CSharpCompilation compilation = CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(path),
            [CSharpSyntaxTree.ParseText(Source)],
            Project.References
                .Append(typeof(Compilation).Assembly.Location)
                .Append(typeof(CSharpCompilation).Assembly.Location)
                .Select(static reference => MetadataReference.CreateFromFile(reference)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        if (compilation.Emit(path) is { Success: false } result)
        {
            throw new InvalidOperationException($"The analyzer that does nothing does not compile: {result.Diagnostics[0]}");
        }
    }
}
