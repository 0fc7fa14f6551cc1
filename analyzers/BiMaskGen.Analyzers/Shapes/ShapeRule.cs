using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using BiMaskGen.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BiMaskGen.Analyzers.Shapes;

/// <summary>
/// A rule about a sparse layer's shape. Looks at what a class says by itself, and, live, at each constructor call that decides a shape by the
/// constants it passes. Argument {0} of its message names the layers.
/// </summary>
public abstract class ShapeRule : RuleAnalyzer
{
    private static readonly SyntaxKind[] s_creations =
    [
        SyntaxKind.ObjectCreationExpression, SyntaxKind.ImplicitObjectCreationExpression, SyntaxKind.ThisConstructorInitializer,
        SyntaxKind.BaseConstructorInitializer, SyntaxKind.PrimaryConstructorBaseType,
    ];

    private protected sealed override void Register(CompilationStartAnalysisContext start, Models models)
    {
        start.RegisterSymbolAction(
            symbol =>
            {
                if (models.Reading((INamedTypeSymbol)symbol.Symbol, symbol.CancellationToken) is { } reading)
                {
                    foreach (ModelReading model in models.Covered(reading, symbol.CancellationToken).Prepend(reading))
                    {
                        Report(models.Shapes(model, symbol.CancellationToken).All, symbol.Options, symbol.ReportDiagnostic, symbol.CancellationToken);
                    }
                }
            },
            SymbolKind.NamedType);
        start.RegisterSyntaxNodeAction(
            node =>
            {
                IReadOnlyList<LayerShape> shapes = models.Shapes(node.Node, node.SemanticModel, node.CancellationToken);
                Report(shapes, node.Options, node.ReportDiagnostic, node.CancellationToken);
            },
            s_creations);
    }

    /// <summary>What is wrong with a shape, or null.</summary>
    private protected abstract Finding? Check(LayerShape shape, Target target, CancellationToken cancellation);

    /// <summary>The rule at the severity that it has on a target.</summary>
    private protected virtual DiagnosticDescriptor RuleOn(Target target) => Rule;

    private void Report(IReadOnlyList<LayerShape> shapes, AnalyzerOptions options, Action<Diagnostic> report, CancellationToken cancellation)
    {
        if (shapes.Count == 0)
        {
            return;
        }

        Target target = Target.Of(options);
        var findings = shapes
            .Select(shape => (Shape: shape, Finding: Check(shape, target, cancellation)))
            .Where(static pair => pair.Finding is not null)
            .Select(static pair => (pair.Shape, Finding: pair.Finding!));

        // One constructor call can make several layers wrong in the same way.
        foreach (var same in findings.GroupBy(static pair => (pair.Finding.Location, string.Join("|", pair.Finding.Arguments))))
        {
            Finding finding = same.First().Finding;

            // To keep an element dense is not to keep its container dense, which is all that the fix could write.
            var layers = same.Where(static pair => pair.Shape.Element.Length == 0).Select(static pair => pair.Shape.Layer).Distinct().ToArray();
            object[] arguments = [string.Join(", ", same.Select(static pair => pair.Shape.Name).Distinct()), .. finding.Arguments];
            report(FixData.Create(
                RuleOn(target), finding.Location, finding.Numbers, layers.Select(layer => layer.Name(cancellation)), arguments));
        }
    }

    /// <summary>What is wrong with a shape.</summary>
    /// <param name="Location">The argument or call to point at.</param>
    /// <param name="Numbers">Numbers in the source that would be others.</param>
    /// <param name="Arguments">The message's arguments after the layers' names.</param>
    private protected sealed record Finding(Location Location, IReadOnlyCollection<Replacement> Numbers, params object[] Arguments);
}
