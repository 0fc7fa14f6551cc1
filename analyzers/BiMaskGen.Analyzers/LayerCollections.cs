using System.Collections.Generic;
using System.Linq;
using BiMaskGen.Generators.Parsing;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Analyzers;

/// <summary>
/// Members that hold layers in an array, a collection of System.Collections or a tuple. torch registers none of these by itself and the
/// generator reads none, but people loop over them in forward.
/// </summary>
internal static class LayerCollections
{
    // A list of tuples of arrays; deeper ones nobody writes.
    private const int MaxDepth = 4;

    /// <summary>The stored instance members of a class that hold layers so, with the names of the layers' types.</summary>
    public static IEnumerable<(ISymbol Member, string[] Layers)> In(INamedTypeSymbol type, KnownTypes known) => type.GetMembers()
        .Where(IsStored)
        .Select(member => (member, LayersOf(member, known)))
        .Where(static pair => pair.Item2.Length > 0);

    /// <summary>The names of the types of layers that a member holds so; empty for every other member.</summary>
    public static string[] LayersOf(ISymbol member, KnownTypes known) =>
        IsStored(member) ? [.. Layers(TypeOf(member), known, depth: 0).Distinct()] : [];

    /// <summary>The member's type as source writes it.</summary>
    public static string TypeName(ISymbol member) => TypeOf(member)!.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);

    private static bool IsStored(ISymbol member) => member switch
    {
        IFieldSymbol { IsStatic: false, IsImplicitlyDeclared: false } => true,
        IPropertySymbol { IsStatic: false } property => property.ContainingType.GetMembers().OfType<IFieldSymbol>()
            .Any(field => KnownTypes.Same(field.AssociatedSymbol, property)),
        _ => false,
    };

    private static ITypeSymbol? TypeOf(ISymbol member) => (member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type;

    private static IEnumerable<string> Layers(ITypeSymbol? type, KnownTypes known, int depth)
    {
        IEnumerable<ITypeSymbol> elements = type switch
        {
            _ when depth > MaxDepth => [],
            IArrayTypeSymbol array => [array.ElementType],
            INamedTypeSymbol { IsTupleType: true } tuple => tuple.TypeArguments,
            INamedTypeSymbol { IsGenericType: true } collection when IsOfSystemCollections(collection) => collection.TypeArguments,
            _ => [],
        };
        return elements.SelectMany(element => IsLayer(element, known) ? [element.Name] : Layers(element, known, depth + 1));
    }

    private static bool IsLayer(ITypeSymbol type, KnownTypes known) =>
        known.IsLayer(type) || LayerKinds.Describe(type) is not null;

    private static bool IsOfSystemCollections(INamedTypeSymbol type)
    {
        for (INamespaceSymbol? space = type.ContainingNamespace; space is { IsGlobalNamespace: false }; space = space.ContainingNamespace)
        {
            if (space is { Name: "Collections", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } })
            {
                return true;
            }
        }

        return false;
    }
}
