using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.Generators.Parsing;

/// <summary>Whether code is data: inside an expression tree a call is never made, so it cannot be redirected.</summary>
internal static class ExpressionTrees
{
    public static bool Contain(SyntaxNode node, SemanticModel model, CancellationToken cancellation) =>
        node.Ancestors().Any(ancestor => ancestor switch
        {
            LambdaExpressionSyntax lambda => IsExpression(model.GetTypeInfo(lambda, cancellation).ConvertedType),
            QueryExpressionSyntax query => IsQueryable(model.GetTypeInfo(query, cancellation).Type),
            _ => false,
        });

    private static bool IsExpression(ITypeSymbol? type) =>
        type is { Name: "Expression" or "LambdaExpression", ContainingNamespace: { Name: "Expressions", ContainingNamespace.Name: "Linq" } };

    private static bool IsQueryable(ITypeSymbol? type) =>
        type is not null && (type.Name == "IQueryable" || type.AllInterfaces.Any(static i => i.Name == "IQueryable"));
}
