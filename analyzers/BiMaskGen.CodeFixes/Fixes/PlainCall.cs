using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using BiMaskGen.Analyzers;
using BiMaskGen.CodeFixes.Edits;
using BiMaskGen.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.CodeFixes.Fixes;

/// <summary>NMS008: writes a call that can be redirected, where there is one that means the same.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(PlainCall)), Shared]
public sealed class PlainCall : NodeFix<ExpressionSyntax>
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [RuleIds.CallNotRedirected];

    private protected override IEnumerable<Choice> Choices(Diagnostic diagnostic) => FixData.Value(diagnostic, FixData.PlainReason) switch
    {
        PlainReasons.MethodGroup => [new Choice(nameof(PlainCall), "Call it in a lambda")],
        PlainReasons.ConditionalAccess or PlainReasons.ThroughLocal => [new Choice(nameof(PlainCall), "Call the layer itself")],
        _ => [],
    };

    private protected override void Edit(
        SolutionEdit edit, Document document, ExpressionSyntax node, Diagnostic diagnostic, SemanticModel model, CancellationToken cancellation)
    {
        switch (node)
        {
            case ConditionalAccessExpressionSyntax conditional:
                edit.Replace(document, conditional.OperatorToken.Span, "");
                break;
            case MemberAccessExpressionSyntax access when FixData.Value(diagnostic, FixData.PlainReason) == PlainReasons.MethodGroup:
                edit.Replace(document, access.Span, Lambda(access, model, cancellation));
                break;
            case MemberAccessExpressionSyntax access when Aliased(access, model, cancellation) is { } layer:
                edit.Replace(document, access.Expression.Span, layer.ToString());
                break;
        }
    }

    /// <summary>What the local variable is another name of.</summary>
    private static ExpressionSyntax? Aliased(MemberAccessExpressionSyntax access, SemanticModel model, CancellationToken cancellation) =>
        model.GetSymbolInfo(access.Expression, cancellation).Symbol is ILocalSymbol local
        && local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is VariableDeclaratorSyntax { Initializer.Value: { } value }
            ? value
            : null;

    /// <summary>The call as a lambda. Its parameter has a type, so that it has a natural type as the method group had.</summary>
    private static string Lambda(MemberAccessExpressionSyntax access, SemanticModel model, CancellationToken cancellation)
    {
        ISymbol? method = model.GetSymbolInfo(access, cancellation).Symbol ?? model.GetMemberGroup(access, cancellation).FirstOrDefault();
        string type = method is IMethodSymbol { Parameters.Length: 1 } call
            ? call.Parameters[0].Type.ToMinimalDisplayString(model, access.SpanStart)
            : "var";
        string input = Free("input", access, model);
        string lambda = $"({type} {input}) => {access}({input})";
        return StandsAlone(access) ? lambda : $"({lambda})";
    }

    private static string Free(string name, SyntaxNode node, SemanticModel model)
    {
        string free = name;
        for (int i = 2; model.LookupSymbols(node.SpanStart, name: free).Any(static symbol => symbol is ILocalSymbol or IParameterSymbol); i++)
        {
            free = name + i.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return free;
    }

    /// <summary>Whether nothing around the expression would take hold of the lambda's arrow.</summary>
    private static bool StandsAlone(ExpressionSyntax expression) => expression.Parent
        is ArgumentSyntax or EqualsValueClauseSyntax or ArrowExpressionClauseSyntax or ReturnStatementSyntax or ParenthesizedExpressionSyntax
        or InitializerExpressionSyntax or ExpressionElementSyntax or AssignmentExpressionSyntax or LambdaExpressionSyntax;
}
