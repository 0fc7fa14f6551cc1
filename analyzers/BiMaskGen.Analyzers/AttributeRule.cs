using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using BiMaskGen.Generators.Model;
using BiMaskGen.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BiMaskGen.Analyzers;

/// <summary>A rule about <c>[NMSparse]</c> and <c>[KeepDense]</c>: looks at each symbol that carries one of them.</summary>
public abstract class AttributeRule : RuleAnalyzer
{
    private protected sealed override void Register(CompilationStartAnalysisContext start, Models models)
    {
        INamedTypeSymbol? sparse = start.Compilation.GetTypeByMetadataName(WellKnownNames.NMSparse);
        INamedTypeSymbol? keepDense = start.Compilation.GetTypeByMetadataName(WellKnownNames.KeepDense);
        start.RegisterSymbolAction(
            symbol =>
            {
                if (symbol.Symbol.GetAttributes().IsEmpty)
                {
                    return; // Nearly all symbols are done here.
                }

                AnnotatedSymbol annotated = new(symbol, models.Known, sparse, keepDense);
                if (annotated.Sparse is not null || annotated.KeepDense is not null)
                {
                    Check(annotated);
                }
            },
            SymbolKind.NamedType,
            SymbolKind.Field,
            SymbolKind.Property);
    }

    private protected abstract void Check(AnnotatedSymbol target);

    /// <summary>A symbol with an attribute of ours.</summary>
    private protected readonly struct AnnotatedSymbol(
        SymbolAnalysisContext context, KnownTypes? known, INamedTypeSymbol? sparse, INamedTypeSymbol? keepDense)
    {
        public ISymbol Symbol => context.Symbol;

        public Compilation Compilation => context.Compilation;

        public CancellationToken Cancellation => context.CancellationToken;

        public AnalyzerOptions AnalyzerOptions => context.Options;

        public KnownTypes? Known => known;

        public AttributeData? Sparse { get; } = KnownTypes.Attribute(context.Symbol, sparse);

        public AttributeData? KeepDense { get; } = KnownTypes.Attribute(context.Symbol, keepDense);

        /// <summary>Whether both are there and mean the same thing; [KeepDense] can name elements of a container whose other layers are sparse.</summary>
        public bool IsContradictory => Sparse is not null
            && KeepDense is { } dense && !dense.ConstructorArguments.Any(static a => a.Kind == TypedConstantKind.Array && !a.Values.IsDefaultOrEmpty);

        /// <summary>Whether the class around a member carries <c>[NMSparse]</c> itself.</summary>
        public bool ContainingTypeIsAnnotated => KnownTypes.Attribute(Symbol.ContainingType, sparse) is not null;

        /// <summary>
        /// What <c>[NMSparse]</c> says here; null without one, and for the second variable of a declaration, which shares it with
        /// the first.
        /// </summary>
        public SparseOptions? Options => Sparse is { } attribute && IsFirstOfDeclaration ? OptionsReader.Read(attribute) : null;

        /// <summary>Whether the symbol is the one to report what is wrong with the attribute itself.</summary>
        public bool IsFirstOfDeclaration => Symbol is not IFieldSymbol
            || Symbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(Cancellation)
                is not VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax declaration } variable
            || declaration.Variables[0] == variable;

        /// <summary>Reports at an attribute, or at its named argument if one is given and written.</summary>
        public void Report(DiagnosticDescriptor rule, AttributeData attribute, string? argument, params object[] messageArguments) =>
            Report(rule, attribute, argument, ImmutableDictionary<string, string?>.Empty, messageArguments);

        /// <summary>Reports with properties for the fixes.</summary>
        public void Report(
            DiagnosticDescriptor rule,
            AttributeData attribute,
            string? argument,
            ImmutableDictionary<string, string?> properties,
            params object[] messageArguments)
        {
            SyntaxNode? syntax = attribute.ApplicationSyntaxReference?.GetSyntax(Cancellation);
            AttributeArgumentSyntax? named = argument is null
                ? null
                : (syntax as AttributeSyntax)?.ArgumentList?.Arguments
                    .FirstOrDefault(a => a.NameEquals?.Name.Identifier.ValueText == argument);
            Location location = (named ?? syntax)?.GetLocation() ?? Symbol.Locations.FirstOrDefault() ?? Location.None;
            context.ReportDiagnostic(Diagnostic.Create(rule, location, properties, messageArguments));
        }
    }
}
