using System.Linq;

namespace BiMaskGen.Generators.Model;

/// <summary>An N:M pattern as a type.</summary>
internal sealed record PatternSpec(int N, int M)
{
    private static readonly PatternSpec[] BuiltIn =
        [new(1, 2), new(1, 4), new(2, 4), new(1, 8), new(2, 8), new(4, 8), new(1, 16), new(2, 16), new(1, 32)];

    /// <summary>Whether the runtime has a type for it; else the generator emits one.</summary>
    public bool IsBuiltIn => BuiltIn.Contains(this);

    public string TypeName => $"Pattern{N}x{M}";

    /// <summary>The type as emitted code names it, which is in the namespace that emitted patterns are in.</summary>
    public string EmittedName => (IsBuiltIn ? "Patterns." : "") + TypeName;

    public static PatternSpec Of(SparseOptions options) => new(options.N, options.M);

    /// <summary>The patterns to emit, each once, in an order that does not depend on that of the models.</summary>
    public static EquatableArray<PatternSpec> NotBuiltIn(EquatableArray<ModelSpec> models) => new(models
        .SelectMany(static model => model.Layers
            .Concat(model.Containers.Select(static container => container.Layer))
            .Concat(model.Reach is { } reach ? [reach.Layer] : []))
        .Select(static layer => Of(layer.Options))
        .Where(static pattern => !pattern.IsBuiltIn)
        .Distinct()
        .OrderBy(static pattern => pattern.M).ThenBy(static pattern => pattern.N));
}
