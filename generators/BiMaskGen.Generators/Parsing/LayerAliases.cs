using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.Generators.Parsing;

/// <summary>
/// Finds the sparse layer that an expression gives: named itself, which can be redirected, or by another name, which cannot, for the compiler
/// redirects a place in the source and another value may come by.
/// </summary>
internal sealed class LayerAliases(Func<ISymbol, bool> isSparse, CancellationToken cancellation)
{
    private readonly ContainerElements _elements = new(isSparse, cancellation);

    /// <summary>The layer, or the container that it is an element of, and, if it is not named itself, the one of <see cref="PlainReasons"/> for which its call stays plain.</summary>
    public (ISymbol? Layer, string? PlainReason) Of(ExpressionSyntax expression, SemanticModel model)
    {
        ExpressionSyntax named = WithoutCasts(expression);
        if (_elements.ContainerOf(named, model) is { } container)
        {
            return (container, null);
        }

        if (Choices(named).Any())
        {
            return (First(Choices(named), model), PlainReasons.Choice);
        }

        if (Syntax.Name(named) is null && named is not ElementAccessExpressionSyntax)
        {
            return (null, null);
        }

        return model.GetSymbolInfo(named, cancellation).Symbol switch
        {
            { } layer when isSparse(layer) => (layer, null),
            ILocalSymbol local => Value(local, model),
            IParameterSymbol parameter => (First(Arguments(parameter, expression), model), PlainReasons.ThroughParameter),
            IPropertySymbol property => (Returned(property, model.Compilation), PlainReasons.ThroughProperty),
            _ => (null, null),
        };
    }

    /// <summary>The expression without parentheses and casts around it.</summary>
    public static ExpressionSyntax WithoutCasts(ExpressionSyntax expression)
    {
        expression = Syntax.Strip(expression);
        while (expression is CastExpressionSyntax cast)
        {
            expression = Syntax.Strip(cast.Expression);
        }

        return expression;
    }

    private static IEnumerable<ExpressionSyntax> Choices(ExpressionSyntax expression) => expression switch
    {
        ConditionalExpressionSyntax conditional => [conditional.WhenTrue, conditional.WhenFalse],
        BinaryExpressionSyntax coalesce when coalesce.IsKind(SyntaxKind.CoalesceExpression) => [coalesce.Left, coalesce.Right],
        SwitchExpressionSyntax choice => choice.Arms.Select(static arm => arm.Expression),
        ElementAccessExpressionSyntax element => Elements(element.Expression),
        _ => [],
    };

    /// <summary>What is written between the brackets of an array or a collection.</summary>
    private static IEnumerable<ExpressionSyntax> Elements(ExpressionSyntax collection) => Syntax.Strip(collection) switch
    {
        ImplicitArrayCreationExpressionSyntax array => array.Initializer.Expressions,
        ArrayCreationExpressionSyntax { Initializer: { } initializer } => initializer.Expressions,
        CollectionExpressionSyntax literal => literal.Elements.OfType<ExpressionElementSyntax>().Select(static element => element.Expression),
        _ => [],
    };

    /// <summary>What a local variable is given where it is declared, a loop's what it runs over.</summary>
    private (ISymbol? Layer, string? PlainReason) Value(ILocalSymbol local, SemanticModel model)
    {
        SyntaxNode? declaration = local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation);
        return declaration switch
        {
            VariableDeclaratorSyntax { Initializer.Value: { } value } => First([value], model) is { } layer
                ? (layer, PlainReasons.ThroughLocal)
                : (First(Choices(Syntax.Strip(value)), model), PlainReasons.Choice),
            ForEachStatementSyntax loop => (First(Elements(loop.Expression), model), PlainReasons.Choice),
            _ => (null, null),
        };
    }

    /// <summary>What the class around passes to the parameter of a method of its own.</summary>
    private static IEnumerable<ExpressionSyntax> Arguments(IParameterSymbol parameter, SyntaxNode place) =>
        parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction } method
        && place.FirstAncestorOrSelf<BaseTypeDeclarationSyntax>() is { } type
            ? type.DescendantNodes().OfType<InvocationExpressionSyntax>()
                .Where(call => Syntax.Name(call.Expression) == method.Name)
                .Select(call => Argument(call.ArgumentList.Arguments, parameter))
                .OfType<ExpressionSyntax>()
            : [];

    private static ExpressionSyntax? Argument(SeparatedSyntaxList<ArgumentSyntax> arguments, IParameterSymbol parameter) =>
        arguments.FirstOrDefault(argument => argument.NameColon?.Name.Identifier.ValueText == parameter.Name)?.Expression
        ?? (parameter.Ordinal < arguments.Count && arguments[parameter.Ordinal].NameColon is null ? arguments[parameter.Ordinal].Expression : null);

    /// <summary>The layer that a property or indexer gives whose body is one expression.</summary>
    private ISymbol? Returned(IPropertySymbol property, Compilation compilation)
    {
        ArrowExpressionClauseSyntax? body = property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) switch
        {
            PropertyDeclarationSyntax { ExpressionBody: { } whole } => whole,
            IndexerDeclarationSyntax { ExpressionBody: { } whole } => whole,
            BasePropertyDeclarationSyntax { AccessorList.Accessors: { Count: > 0 } accessors } => accessors[0].ExpressionBody,
            _ => null,
        };
        return body is not null && compilation.ContainsSyntaxTree(body.SyntaxTree)
            ? First([body.Expression, .. Choices(Syntax.Strip(body.Expression))], compilation.GetSemanticModel(body.SyntaxTree))
            : null;
    }

    private ISymbol? First(IEnumerable<ExpressionSyntax> values, SemanticModel model) => values
        .Select(WithoutCasts)
        .Where(static value => Syntax.Name(value) is not null)
        .Select(value => model.GetSymbolInfo(value, cancellation).Symbol)
        .FirstOrDefault(symbol => symbol is not null && isSparse(symbol));
}
