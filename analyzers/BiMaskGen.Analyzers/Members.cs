using System.Linq;
using System.Threading;
using BiMaskGen.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.Analyzers;

/// <summary>Where a member is declared, and what messages call it.</summary>
internal static class Members
{
    /// <summary>"'Mlp.fc1'".</summary>
    public static string Quoted(ISymbol member) => Quoted(member, element: "");

    /// <summary>"'Mlp.net.0'", an element of a container.</summary>
    public static string Quoted(ISymbol member, string element) =>
        $"'{member.ContainingType.Name}.{member.Name}{(element.Length == 0 ? "" : "." + element)}'";

    /// <summary>The type whose code a place belongs to, by the symbol that it stands in.</summary>
    public static INamedTypeSymbol? TypeAround(ISymbol? symbol) => symbol as INamedTypeSymbol ?? symbol?.ContainingType;

    /// <summary>The name in the declaration.</summary>
    public static Location Name(this ReadMember member, CancellationToken cancellation) => Name(member.Member.Symbol, cancellation);

    /// <summary>The name in the declaration.</summary>
    public static Location Name(ISymbol member, CancellationToken cancellation) =>
        Declaration(member, cancellation) switch
        {
            VariableDeclaratorSyntax variable => variable.Identifier.GetLocation(),
            PropertyDeclarationSyntax property => property.Identifier.GetLocation(),
            _ => member.Locations.FirstOrDefault() ?? Location.None,
        };

    private static SyntaxNode? Declaration(ISymbol symbol, CancellationToken cancellation) =>
        symbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation);
}
