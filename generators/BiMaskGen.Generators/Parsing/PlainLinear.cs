using System.Collections.Generic;
using System.Linq;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.Generators.Parsing;

/// <summary>
/// Reads <c>Linear(784, 2 * Width, hasBias: false)</c> without binding it, where names and numbers leave no choice. What it does not know is left to
/// <see cref="LinearFactory"/>; what it says is what that would say.
/// </summary>
internal sealed class PlainLinear(KnownTypes known, ClassCode code)
{
    /// <summary>The call and the shape it gives; null for everything else than such a call.</summary>
    public (LinearCall Call, LinearShape Shape)? Read(ExpressionSyntax expression, SemanticModel model)
    {
        if (Syntax.Strip(expression) is not InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: LinearFactory.Name } } call
            || call.ArgumentList.Arguments is not { Count: 2 or 3 } arguments
            || Number(arguments[0]) is not { } inFeatures || Number(arguments[1]) is not { } outFeatures
            || Factory(call, model) is not { } factory
            || Bias(arguments, factory.Parameters[2]) is not { } hasBias)
        {
            return null;
        }

        return (
            new LinearCall(Count(arguments[0], inFeatures, model), Count(arguments[1], outFeatures, model), call),
            new LinearShape(LinearShape.Number(inFeatures), LinearShape.Number(outFeatures), hasBias));
    }

    private static FeatureCount Count(ArgumentSyntax argument, long value, SemanticModel model) => new(argument.Expression, value, model, null);

    /// <summary>The one overload that takes numbers, if only torch.nn's overloads are there to choose from.</summary>
    private IMethodSymbol? Factory(InvocationExpressionSyntax call, SemanticModel model)
    {
        IMethodSymbol? found = null;
        foreach (IMethodSymbol method in code.Functions(call, model))
        {
            if (!KnownTypes.Same(method.ContainingType, known.Nn) || method.Parameters.Length == 0)
            {
                return null;
            }

            if (method.Parameters[0].Type.SpecialType != SpecialType.None)
            {
                if (found is not null || !TakesNumbers(method))
                {
                    return null;
                }

                found = method;
            }
        }

        return found;
    }

    private bool TakesNumbers(IMethodSymbol method) =>
        method.Parameters is { Length: >= 3 } parameters
        && parameters[0].Type.SpecialType == SpecialType.System_Int64
        && parameters[1].Type.SpecialType == SpecialType.System_Int64
        && parameters[2] is { Type.SpecialType: SpecialType.System_Boolean, HasExplicitDefaultValue: true }
        && parameters.Skip(3).All(static parameter => parameter.HasExplicitDefaultValue)
        && KnownTypes.Same(method.ReturnType, known.Linear);

    private static bool? Bias(SeparatedSyntaxList<ArgumentSyntax> arguments, IParameterSymbol parameter)
    {
        if (arguments.Count == 2)
        {
            return parameter.ExplicitDefaultValue as bool?;
        }

        ArgumentSyntax argument = arguments[2];
        bool named = argument.NameColon is null || argument.NameColon.Name.Identifier.ValueText == parameter.Name;
        return !named ? null : argument.Expression.Kind() switch
        {
            SyntaxKind.TrueLiteralExpression => true,
            SyntaxKind.FalseLiteralExpression => false,
            _ => null,
        };
    }

    private long? Number(ArgumentSyntax argument) =>
        argument is { NameColon: null, RefKindKeyword.RawKind: 0, Expression: not ParenthesizedExpressionSyntax } ? Number(argument.Expression) : null;

    /// <summary>Literals, consts of the class itself, and arithmetic of them that stays within an int.</summary>
    private long? Number(ExpressionSyntax expression) => expression switch
    {
        LiteralExpressionSyntax literal => Fitting(literal.Token.Value),
        IdentifierNameSyntax => code.Member(expression) is IFieldSymbol { HasConstantValue: true } field ? Fitting(field.ConstantValue) : null,
        ParenthesizedExpressionSyntax parenthesized => Number(parenthesized.Expression),
        BinaryExpressionSyntax binary when Number(binary.Left) is { } left && Number(binary.Right) is { } right => Fitting(binary.Kind() switch
        {
            SyntaxKind.AddExpression => left + right,
            SyntaxKind.SubtractExpression => left - right,
            SyntaxKind.MultiplyExpression => left * right,
            SyntaxKind.DivideExpression when right != 0 => left / right,
            _ => null,
        }),
        _ => null,
    };

    private static long? Fitting(object? constant) => constant switch
    {
        int value => value,
        long value and >= int.MinValue and <= int.MaxValue => value,
        _ => null,
    };
}
