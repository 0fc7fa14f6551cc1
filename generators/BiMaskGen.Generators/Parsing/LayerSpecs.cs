using System.Collections.Generic;
using System.Linq;
using System.Threading;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Parsing;

/// <summary>What is emitted for the members of annotated classes: for those of one class, and for those of others that its code calls.</summary>
internal sealed class LayerSpecs(ModelReading reading, ReachedClasses reached, CancellationToken cancellation)
{
    /// <summary>The glue that asks at run time whether a model covers the layer.</summary>
    private const string Covered = "CoveredLayers";

    private readonly Dictionary<ISymbol, LayerSpec?> _specs = new(SymbolEqualityComparer.Default);

    /// <summary>Whether calls of a field or property, or of its elements, are redirected.</summary>
    public bool IsSparse(ISymbol symbol) => Find(symbol) is not null;

    /// <summary>The layer that a field or property holds, or what the elements of its container share; null for every other symbol.</summary>
    public LayerSpec? Find(ISymbol symbol)
    {
        if (symbol is not (IFieldSymbol or IPropertySymbol))
        {
            return null;
        }

        if (!_specs.TryGetValue(symbol, out LayerSpec? spec))
        {
            _specs.Add(symbol, spec = Read(symbol));
        }

        return spec;
    }

    /// <summary>A layer as its class's file emits it.</summary>
    public static LayerSpec Of(ReadMember read, INamedTypeSymbol type)
    {
        ModuleMember member = read.Member;
        string name = member.Symbol.Name;
        return new LayerSpec(
            Identifiers.Escape(name),
            member.ComponentName,
            $"{type.Name}_{name}_{Identifiers.Hash(Identifiers.MetadataName(type) + "." + name)}",
            Identifiers.DisplayName(type) + "." + name,
            read.Options!,
            read.Content.Shape)
        {
            Kind = read.Content.IsLinear ? read.Content.Type.Name : null,
        };
    }

    /// <summary>A container as its class's file emits it.</summary>
    public static ContainerSpec OfContainer(ReadMember read, INamedTypeSymbol type, KnownTypes known)
    {
        ContainerContent content = read.Content.Container!;
        HashSet<ContainerElement> sparse = [.. read.Layers(known) ?? []];
        string prefix = read.Member.ComponentName + ".";
        IEnumerable<ElementSpec> layers = sparse.Select(element => new ElementSpec(prefix + element.Path, element.Type!.Name, element.Shape));
        IEnumerable<ChildSpec> elements = content.Elements?.Select(element => new ChildSpec(
            prefix + element.Path,
            Identifiers.ManifestName(element.Type ?? known.Module),
            sparse.Contains(element) && !known.IsConvolution(element.Type) ? read.Options : null,
            element.Shape,
            read.Member.KeptElements.Contains(element.Path)))
            ?? read.Member.KeptElements.Select(name => new ChildSpec(prefix + name, Identifiers.ManifestName(known.Linear), null, LinearShape.Unknown, true));
        return new ContainerSpec(Of(read, type), content.Kind, new(layers), new(elements), new(read.Member.KeptElements)) { IsKnown = content.Elements is not null || AllAreLinears(read, known) };
    }

    /// <summary>A member as the manifest names it, and after a container its elements.</summary>
    public static IEnumerable<ChildSpec> Children(ReadMember read, INamedTypeSymbol type, KnownTypes known)
    {
        // Packed checkpoints have matrices, so a convolution's weight stays dense in them and gets its masks in the run.
        bool isPacked = read.IsSparse && (read.Content.IsLinear ? !known.IsConvolution(read.Content.Type) : AllAreLinears(read, known));
        ChildSpec member = new(
            read.Member.ComponentName,
            Identifiers.ManifestName(read.Content.Type),
            isPacked ? read.Options : null,
            read.Content.Shape,
            read.Member.IsKeptDense || read.DenseReason is not null);
        return read.IsSparse && read.Content.Container is not null ? OfContainer(read, type, known).Elements.Prepend(member) : [member];
    }

    /// <summary>Whether a container holds nothing but Linears, of which only the run tells how many.</summary>
    private static bool AllAreLinears(ReadMember read, KnownTypes known) =>
        read is { IsSparse: true, Content: { Container.Elements: null, Type: INamedTypeSymbol { TypeArguments: { Length: 1 } element } } }
        && KnownTypes.Same(element[0], known.Linear);

    /// <summary>The elements of a container that stay dense although they have weights.</summary>
    public static IEnumerable<DenseLayerSpec> DenseElements(ReadMember read, KnownTypes known)
    {
        string prefix = read.Member.ComponentName + ".";
        IEnumerable<DenseLayerSpec> others = read.Content.Container!.Elements?
            .Where(element => !read.Member.KeptElements.Contains(element.Path))
            .Select(element => (element.Path, Reason: element.DenseReason ?? (element.Type is { } type && LayerKinds.Describe(type) is not null ? type.Name + " is not rewritten" : null)))
            .Where(static element => element.Reason is not null)
            .Select(element => new DenseLayerSpec(prefix + element.Path, element.Reason!)) ?? [];
        return read.Member.KeptElements.Select(name => new DenseLayerSpec(prefix + name, "[KeepDense]")).Concat(others);
    }

    // A class of this assembly has emitted code that another class's can call; what another assembly emitted is its own.
    private LayerSpec? Read(ISymbol symbol)
    {
        INamedTypeSymbol owner = symbol.ContainingType;
        if (reached.Find(owner) is { } covered)
        {
            return Sparse(covered, symbol) is { } below ? Of(below, owner) with { FunctionName = Covered } : null;
        }

        // A class without the attribute redirects what models above it cover, and nothing else: a rule says so.
        if (reading.IsCovered)
        {
            return null;
        }

        ModelReading? of = KnownTypes.Same(owner, reading.Type) ? reading
            : KnownTypes.Same(owner.ContainingAssembly, reading.Type.ContainingAssembly) && reading.Known.IsModule(owner)
                ? ModelReading.Of(owner, reading.Compilation, reading.Known, cancellation)
            : null;
        return of is not null && Sparse(of, symbol) is { } read ? Of(read, owner) : null;
    }

    private static ReadMember? Sparse(ModelReading reading, ISymbol symbol) =>
        reading.Members.FirstOrDefault(member => KnownTypes.Same(member.Member.Symbol, symbol)) is { IsSparse: true } read ? read : null;
}
