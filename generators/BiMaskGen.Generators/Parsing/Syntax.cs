using System.Collections.Generic;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.Generators.Parsing;

/// <summary>Walks over the source of a class, all its partial declarations.</summary>
internal static class Syntax
{
    /// <summary>The declarations of a class, each with the one model of its file that all readers share: it keeps what it has bound.</summary>
    public static IReadOnlyList<ClassSource> Declarations(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation)
    {
        Dictionary<SyntaxTree, SemanticModel> models = [];
        List<ClassSource> sources = [];
        foreach (SyntaxReference reference in type.DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax(cancellation) is ClassDeclarationSyntax declaration)
            {
                if (!models.TryGetValue(reference.SyntaxTree, out SemanticModel? model))
                {
                    models.Add(reference.SyntaxTree, model = SemanticModels.Of(compilation, reference.SyntaxTree));
                }

                sources.Add(new ClassSource(declaration, model, ClassText.Of(declaration)));
            }
        }

        return sources;
    }

    /// <summary>The expression without parentheses and null-forgiving operators around it.</summary>
    public static ExpressionSyntax Strip(ExpressionSyntax expression)
    {
        while (true)
        {
            switch (expression)
            {
                case ParenthesizedExpressionSyntax parenthesized:
                    expression = parenthesized.Expression;
                    break;
                case PostfixUnaryExpressionSyntax postfix when postfix.IsKind(SyntaxKind.SuppressNullableWarningExpression):
                    expression = postfix.Operand;
                    break;
                default:
                    return expression;
            }
        }
    }

    /// <summary>The name of the variable or member that an expression reads or writes, "fc" of "this.fc"; null where it is none.</summary>
    public static string? Name(ExpressionSyntax expression) => expression switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
        ConditionalAccessExpressionSyntax conditional => Name(conditional.WhenNotNull),
        _ => null,
    };

    /// <summary>The outermost form of the expression that <see cref="Strip"/> leads back from.</summary>
    public static ExpressionSyntax Unstrip(ExpressionSyntax expression)
    {
        while (expression.Parent is ParenthesizedExpressionSyntax
            || (expression.Parent is PostfixUnaryExpressionSyntax postfix && postfix.IsKind(SyntaxKind.SuppressNullableWarningExpression)))
        {
            expression = (ExpressionSyntax)expression.Parent;
        }

        return expression;
    }
}

/// <summary>One declaration of a class, with what its file means and what its text holds.</summary>
internal readonly record struct ClassSource(ClassDeclarationSyntax Declaration, SemanticModel Model, ClassText Text);
