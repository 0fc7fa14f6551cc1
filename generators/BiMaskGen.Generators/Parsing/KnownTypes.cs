using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Parsing;

/// <summary>The symbols of one compilation that parsing compares with; not kept beyond a transform or an analyzer's compilation.</summary>
internal sealed class KnownTypes
{
    // Every annotated class asks for them, and each is looked for in all references.
    private static readonly ConditionalWeakTable<Compilation, Lookup> s_ofCompilation = new();

    private KnownTypes(
        Compilation compilation, INamedTypeSymbol module, INamedTypeSymbol moduleOfOne, INamedTypeSymbol tensor, INamedTypeSymbol linear)
    {
        Module = module;
        TensorModule = moduleOfOne.Construct(tensor, tensor);
        Tensor = tensor;
        Linear = linear;
        Conv1d = compilation.GetTypeByMetadataName(WellKnownNames.Conv1d);
        Conv2d = compilation.GetTypeByMetadataName(WellKnownNames.Conv2d);
        Nn = compilation.GetTypeByMetadataName(WellKnownNames.Nn);
        Torch = compilation.GetTypeByMetadataName(WellKnownNames.Torch);
        Functional = compilation.GetTypeByMetadataName(WellKnownNames.Functional);
        SparseAttribute = compilation.GetTypeByMetadataName(WellKnownNames.NMSparse);
        KeepDenseAttribute = compilation.GetTypeByMetadataName(WellKnownNames.KeepDense);
        ComponentNameAttribute = compilation.GetTypeByMetadataName(WellKnownNames.ComponentName);
        SparseModel = compilation.GetTypeByMetadataName(WellKnownNames.SparseModel);
        Methods = new LayerMethods(this);
    }

    public INamedTypeSymbol Module { get; }

    /// <summary><c>Module&lt;Tensor, Tensor&gt;</c>, which a layer's field is often declared as.</summary>
    public INamedTypeSymbol TensorModule { get; }

    public INamedTypeSymbol Tensor { get; }

    public INamedTypeSymbol Linear { get; }

    public INamedTypeSymbol? Conv1d { get; }

    public INamedTypeSymbol? Conv2d { get; }

    public INamedTypeSymbol? Nn { get; }

    public INamedTypeSymbol? Torch { get; }

    public INamedTypeSymbol? Functional { get; }

    public INamedTypeSymbol? SparseAttribute { get; }

    public INamedTypeSymbol? KeepDenseAttribute { get; }

    public INamedTypeSymbol? ComponentNameAttribute { get; }

    public INamedTypeSymbol? SparseModel { get; }

    /// <summary>What is called by a name on torch's types.</summary>
    public LayerMethods Methods { get; }

    /// <summary>What classes may override, by their base class.</summary>
    public ConcurrentDictionary<INamedTypeSymbol, ModuleOverrides> Overrides { get; } = new(SymbolEqualityComparer.IncludeNullability);

    /// <summary>The symbols, or null where the compilation has no TorchSharp.</summary>
    public static KnownTypes? From(Compilation compilation) =>
        s_ofCompilation.GetValue(compilation, static key => new Lookup(Find(key))).Found;

    private static KnownTypes? Find(Compilation compilation) =>
        compilation.GetTypeByMetadataName(WellKnownNames.Module) is { } module
        && compilation.GetTypeByMetadataName(WellKnownNames.ModuleOfOne) is { } moduleOfOne
        && compilation.GetTypeByMetadataName(WellKnownNames.Tensor) is { } tensor
        && compilation.GetTypeByMetadataName(WellKnownNames.Linear) is { } linear
            ? new KnownTypes(compilation, module, moduleOfOne, tensor, linear)
            : null;

    public bool IsModule(ITypeSymbol? type)
    {
        for (ITypeSymbol? t = type; t is not null; t = t.BaseType)
        {
            if (Same(t, Module))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether layers of a type can be sparse.</summary>
    public bool IsLayer(ITypeSymbol? type) => Same(type, Linear) || IsConvolution(type);

    public bool IsConvolution(ITypeSymbol? type) => Same(type, Conv1d) || Same(type, Conv2d);

    /// <summary>Whether a type stands where TorchSharp's layers do.</summary>
    public static bool IsTorchLayer(ITypeSymbol type) => type is
    {
        ContainingType: null,
        ContainingNamespace: { Name: "Modules", ContainingNamespace: { Name: "TorchSharp", ContainingNamespace.IsGlobalNamespace: true } },
    };

    public static bool Same(ISymbol? left, ISymbol? right) => left is not null && SymbolEqualityComparer.Default.Equals(left, right);

    public static AttributeData? Attribute(ISymbol? symbol, INamedTypeSymbol? attributeClass)
    {
        if (symbol is null || attributeClass is null)
        {
            return null;
        }

        foreach (AttributeData attribute in symbol.GetAttributes())
        {
            if (Same(attribute.AttributeClass, attributeClass))
            {
                return attribute;
            }
        }

        return null;
    }

    private sealed record Lookup(KnownTypes? Found);
}
