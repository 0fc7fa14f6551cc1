using System.Collections.Generic;
using System.Linq;
using System.Threading;
using BiMaskGen.Generators.Model;
using BiMaskGen.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.Analyzers.Optimizers;

/// <summary>
/// Finds the sparse model that an optimizer's creation is about: the one whose parameters it is given, or, where that cannot be told, one
/// that the same method or class handles.
/// </summary>
internal sealed class TrainedModels(Models models, KnownTypes known, SemanticModel semantics, CancellationToken cancellation)
{
    // Models hold models, and some hold themselves.
    private readonly HashSet<ISymbol> _seen = new(SymbolEqualityComparer.Default);

    /// <summary>A class with sparse layers that decay through the gradient, and their options; or null.</summary>
    public (INamedTypeSymbol Type, SparseOptions Options)? Decaying(SyntaxNode creation, ISymbol? around)
    {
        INamedTypeSymbol? owner = Members.TypeAround(around);
        ITypeSymbol[] given = [.. ParametersOf(creation, owner)];
        bool certain = given.Length > 0 && given.All(type => known.IsModule(type) && type.DeclaringSyntaxReferences.Length > 0);
        IEnumerable<ITypeSymbol> candidates = certain ? given : given.Concat(Handled(creation, around, owner));
        return candidates.Select(Decaying).FirstOrDefault(static found => found is not null);
    }

    /// <summary>The types whose <c>parameters()</c> are passed.</summary>
    private IEnumerable<ITypeSymbol> ParametersOf(SyntaxNode creation, INamedTypeSymbol? owner)
    {
        foreach (InvocationExpressionSyntax call in creation.DescendantNodes().OfType<InvocationExpressionSyntax>())
        {
            ITypeSymbol? receiver = call.Expression switch
            {
                MemberAccessExpressionSyntax access when IsParameters(access.Name) =>
                    semantics.GetTypeInfo(access.Expression, cancellation).Type,
                SimpleNameSyntax name when IsParameters(name) => owner,
                _ => null,
            };
            if (receiver is not null)
            {
                yield return receiver;
            }
        }
    }

    private static bool IsParameters(SimpleNameSyntax name) => name.Identifier.ValueText is "parameters" or "named_parameters";

    /// <summary>The types that the method around takes and creates, and those that the class around is and holds.</summary>
    private IEnumerable<ITypeSymbol> Handled(SyntaxNode creation, ISymbol? around, INamedTypeSymbol? owner)
    {
        IEnumerable<ITypeSymbol> taken = around is IMethodSymbol method ? method.Parameters.Select(static parameter => parameter.Type) : [];
        IEnumerable<ITypeSymbol> created = creation.FirstAncestorOrSelf<MemberDeclarationSyntax>()?.DescendantNodes()
            .OfType<BaseObjectCreationExpressionSyntax>()
            .Select(made => semantics.GetTypeInfo(made, cancellation).Type)
            .OfType<ITypeSymbol>() ?? [];
        return taken.Concat(created).Concat(owner is null ? [] : [owner]).Concat(owner is null ? [] : Held(owner));
    }

    private static IEnumerable<ITypeSymbol> Held(ITypeSymbol type) => type.GetMembers()
        .Where(static member => !member.IsImplicitlyDeclared)
        .Select(static member => (member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type)
        .OfType<ITypeSymbol>();

    private (INamedTypeSymbol Type, SparseOptions Options)? Decaying(ITypeSymbol type)
    {
        cancellation.ThrowIfCancellationRequested();
        if (type is not INamedTypeSymbol named || !known.IsModule(named) || !_seen.Add(named))
        {
            return null;
        }

        SparseOptions? own = models.Reading(named, cancellation)?.SparseLayers.Select(static layer => layer.Options!).FirstOrDefault(static o => o.DecaysGradient);
        return own is not null
            ? (named, own)
            : named.TypeArguments.Concat(named.DeclaringSyntaxReferences.IsEmpty ? [] : Held(named))
                .Select(Decaying)
                .FirstOrDefault(static found => found is not null);
    }
}
