using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.Generators.Parsing;

/// <summary>
/// Finds the container whose element an expression gives: <c>layers[i]</c>, the variable of a loop over it, the second parameter of its Aggregate. Which
/// element it is the run tells; all of them share one emitted function, so their calls can be redirected.
/// </summary>
internal sealed class ContainerElements(Func<ISymbol, bool> isSparse, CancellationToken cancellation)
{
    // What passes elements on as they are.
    private static readonly HashSet<string> s_selections =
        ["AsEnumerable", "Reverse", "Skip", "SkipLast", "Take", "TakeLast", "ToArray", "ToList", "Values", "Where", "values"];

    /// <summary>The container's field or property, or null.</summary>
    public ISymbol? ContainerOf(ExpressionSyntax element, SemanticModel model) => element switch
    {
        ElementAccessExpressionSyntax access => Container(access.Expression, model),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "First" or "Last" } access } =>
            Container(access.Expression, model),
        IdentifierNameSyntax => model.GetSymbolInfo(element, cancellation).Symbol switch
        {
            ILocalSymbol local => OfLocal(local, model),
            IParameterSymbol parameter => OfParameter(parameter, model),
            _ => null,
        },
        _ => null,
    };

    private ISymbol? OfLocal(ILocalSymbol local, SemanticModel model) => local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) switch
    {
        ForEachStatementSyntax loop => Container(loop.Expression, model),
        SingleVariableDesignationSyntax part when part.FirstAncestorOrSelf<ForEachVariableStatementSyntax>() is { } loop && IsSecond(part, loop) =>
            Container(loop.Expression, model),
        VariableDeclaratorSyntax { Initializer.Value: { } value } variable
            when variable.FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } member && !ValueOrigins.Writes(member, local.Name) =>
            LayerAliases.WithoutCasts(value) is ElementAccessExpressionSyntax element ? ContainerOf(element, model) : null,
        _ => null,
    };

    /// <summary>A dictionary's entries are pairs of name and module.</summary>
    private static bool IsSecond(SingleVariableDesignationSyntax part, ForEachVariableStatementSyntax loop) => loop.Variable switch
    {
        DeclarationExpressionSyntax { Designation: ParenthesizedVariableDesignationSyntax { Variables: { Count: 2 } parts } } => parts[1] == part,
        TupleExpressionSyntax { Arguments: { Count: 2 } parts } => parts[1].Span.Contains(part.Span),
        _ => false,
    };

    /// <summary><c>layers.Aggregate(x, (current, layer) => layer.call(current))</c>.</summary>
    private ISymbol? OfParameter(IParameterSymbol parameter, SemanticModel model) =>
        parameter is { Ordinal: 1, ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } }
        && parameter.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation)
            .FirstAncestorOrSelf<LambdaExpressionSyntax>() is { Parent: ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } }
        && call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Aggregate" } access
        && model.GetSymbolInfo(call, cancellation).Symbol is IMethodSymbol { ContainingType.Name: "Enumerable" }
            ? Container(access.Expression, model)
            : null;

    private ISymbol? Container(ExpressionSyntax expression, SemanticModel model)
    {
        expression = LayerAliases.WithoutCasts(expression);
        while (Selected(expression) is { } source)
        {
            expression = LayerAliases.WithoutCasts(source);
        }

        return Syntax.Name(expression) is not null && model.GetSymbolInfo(expression, cancellation).Symbol is { } symbol && isSparse(symbol) ? symbol : null;
    }

    /// <summary>What <c>Reverse()</c> and the like, or a dictionary's <c>Values</c>, are asked of.</summary>
    private static ExpressionSyntax? Selected(ExpressionSyntax expression) => expression switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } when s_selections.Contains(access.Name.Identifier.ValueText) => access.Expression,
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Values" } access => access.Expression,
        _ => null,
    };
}
