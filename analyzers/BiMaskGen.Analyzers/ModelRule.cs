using System.Linq;
using System.Threading;
using BiMaskGen.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BiMaskGen.Analyzers;

/// <summary>A rule about annotated classes: looks at each one that the generator emits something for, and at those that it covers.</summary>
public abstract class ModelRule : RuleAnalyzer
{
    private protected sealed override void Register(CompilationStartAnalysisContext start, Models models) => start.RegisterSymbolAction(
        symbol =>
        {
            if (models.Reading((INamedTypeSymbol)symbol.Symbol, symbol.CancellationToken) is { } reading)
            {
                Check(new ModelCheck(reading, models, symbol));
                foreach (ModelReading covered in models.Covered(reading, symbol.CancellationToken))
                {
                    Check(new ModelCheck(covered, models, symbol));
                }
            }
        },
        SymbolKind.NamedType);

    private protected abstract void Check(ModelCheck check);

    /// <summary>One annotated class under a rule.</summary>
    private protected readonly struct ModelCheck(ModelReading reading, Models models, SymbolAnalysisContext context)
    {
        public ModelReading Model => reading;

        public Models Models => models;

        public AnalyzerOptions Options => context.Options;

        public CancellationToken Cancellation => context.CancellationToken;

        /// <summary>The attribute that brings the class in, its own or that of a member; none where a model above covers it.</summary>
        public AttributeData? Trigger => AnnotatedClass.Trigger(reading.Type, reading.Known);

        /// <summary>The class's name where the attribute stands; the emitted part is never it.</summary>
        public Location ClassName
        {
            get
            {
                SyntaxNode? attribute = Trigger?.ApplicationSyntaxReference?.GetSyntax(Cancellation);
                ClassDeclarationSyntax? declaration = reading.Sources
                    .Select(static source => source.Declaration)
                    .FirstOrDefault(declaration => declaration.SyntaxTree == attribute?.SyntaxTree && declaration.Span.Contains(attribute!.Span));
                return (declaration ?? reading.Sources[0].Declaration).Identifier.GetLocation();
            }
        }

        public void Report(Diagnostic diagnostic) => context.ReportDiagnostic(diagnostic);
    }
}
