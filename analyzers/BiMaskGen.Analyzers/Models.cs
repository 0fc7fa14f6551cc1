using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using BiMaskGen.Analyzers.Shapes;
using BiMaskGen.Generators.Parsing;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Analyzers;

/// <summary>The annotated classes of one compilation, each read once for all rules.</summary>
internal sealed class Models
{
    private static readonly ConditionalWeakTable<Compilation, Models> s_ofCompilation = new();

    private readonly ConcurrentDictionary<INamedTypeSymbol, ModelReading?> _readings = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ModelReading, ClassShapes> _shapes = new();
    private readonly ConcurrentDictionary<SyntaxNode, IReadOnlyList<LayerShape>> _creations = new();
    private readonly ConcurrentDictionary<INamedTypeSymbol, ModelReading> _coveredBy = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ModelReading, ReachedClasses> _reached = new();
    private readonly Compilation _compilation;

    private Models(Compilation compilation)
    {
        _compilation = compilation;
        Known = KnownTypes.From(compilation);
    }

    /// <summary>The symbols that parsing compares with; null where the compilation has no TorchSharp.</summary>
    public KnownTypes? Known { get; }

    public static Models Of(Compilation compilation) => s_ofCompilation.GetValue(compilation, static key => new Models(key));

    /// <summary>What the generator makes of a class; null for every type that it emits nothing for.</summary>
    public ModelReading? Reading(INamedTypeSymbol? type, CancellationToken cancellation)
    {
        if (type is null || Known is not { SparseAttribute: not null } known || type.DeclaringSyntaxReferences.IsEmpty || !known.IsModule(type))
        {
            return null;
        }

        return Cached(_readings, type, () => ModelReading.Of(type, _compilation, known, cancellation));
    }

    /// <summary>
    /// The classes without an attribute that a model covers, to be looked at with it; what several models cover, with one of them.
    /// </summary>
    public IEnumerable<ModelReading> Covered(ModelReading model, CancellationToken cancellation) => !AnnotatedClass.CanBeReopened(model.Type, cancellation)
        ? []
        : Reached(model, cancellation).All.Where(covered => _coveredBy.GetOrAdd(covered.Type, model) == model);

    /// <summary>Whether a field or property holds a layer that a model covers in a class without an attribute.</summary>
    public bool IsCovered(ISymbol symbol, ModelReading model, CancellationToken cancellation) =>
        symbol is IFieldSymbol or IPropertySymbol && Reached(model, cancellation).Find(symbol.ContainingType)?.IsSparse(symbol) == true;

    /// <summary>What a model reaches.</summary>
    public ReachedClasses Reached(ModelReading model, CancellationToken cancellation) => model.ReachOptions is null
        ? ReachedClasses.None
        : Cached(_reached, model, () => ReachedClasses.From(model, cancellation));

    /// <summary>Whether a field or property holds a layer that its class runs sparse.</summary>
    public bool IsSparse(ISymbol symbol, CancellationToken cancellation) =>
        symbol is IFieldSymbol or IPropertySymbol && Reading(symbol.ContainingType, cancellation)?.IsSparse(symbol) == true;

    /// <summary>The shapes that a class says by itself.</summary>
    public ClassShapes Shapes(ModelReading model, CancellationToken cancellation) =>
        Cached(_shapes, model, () => new ClassShapes(model, cancellation));

    /// <summary>The shapes that a constructor call decides.</summary>
    public IReadOnlyList<LayerShape> Shapes(SyntaxNode creation, SemanticModel semantics, CancellationToken cancellation) =>
        Cached(_creations, creation, () => CreationShapes.Of(creation, semantics, this, cancellation));

    // Not a Lazy: a cancelled computation must not stay.
    private static TValue Cached<TKey, TValue>(ConcurrentDictionary<TKey, TValue> cache, TKey key, Func<TValue> compute)
    {
        if (!cache.TryGetValue(key, out TValue value))
        {
            value = compute();
            cache.TryAdd(key, value);
        }

        return value;
    }
}
