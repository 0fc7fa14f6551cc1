using BiMaskGen;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Digits;

/// <summary>A compiled model class: its pattern, its permutation search (none for the dense model), and how to make one.</summary>
internal sealed record Variant(string Pattern, PermutationSearch? Search, Func<Module<Tensor, Tensor>> Create)
{
    public const string Dense = "dense";

    /// <summary>All classes, in the order of the parity table.</summary>
    public static IReadOnlyList<Variant> All { get; } =
    [
        new(Dense, null, () => new MlpDense()),
        new("2:4", PermutationSearch.PaperRandom, () => new Mlp2x4Paper()),
        new("2:4", PermutationSearch.Swap, () => new Mlp()),
        new("1:4", PermutationSearch.PaperRandom, () => new Mlp1x4Paper()),
        new("1:4", PermutationSearch.Swap, () => new Mlp1x4()),
        new("1:8", PermutationSearch.PaperRandom, () => new Mlp1x8Paper()),
        new("1:8", PermutationSearch.Swap, () => new Mlp1x8()),
        new("1:16", PermutationSearch.PaperRandom, () => new Mlp1x16Paper()),
        new("1:16", PermutationSearch.Swap, () => new Mlp1x16()),
    ];

    public string Name => Search is null ? Pattern : $"{Pattern} {Search}";

    public static Variant Find(string pattern, PermutationSearch search) =>
        All.First(v => v.Pattern == pattern && (v.Search is null || v.Search == search));
}
