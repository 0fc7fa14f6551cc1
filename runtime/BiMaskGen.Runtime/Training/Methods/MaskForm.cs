using System.Globalization;

namespace BiMaskGen.Training.Methods;

/// <summary>
/// What the schedule makes of a layer at one step: dense, or W⊙(Mf + β(1−Mf)) with Mf of a pattern, which may be wider than the layer's
/// own and as wide as <see cref="Masks.WideMask.MaxM"/>.
/// </summary>
/// <param name="N">Weights kept in a group; 0 for a dense layer.</param>
/// <param name="M">Weights in a group; 0 for a dense layer.</param>
/// <param name="Pruned">β, what remains of pruned weights.</param>
internal readonly record struct MaskForm(int N, int M, float Pruned)
{
    /// <summary>The weight as it is.</summary>
    public static MaskForm Dense => default;

    public bool IsDense => M == 0;

    /// <summary>The binary mask of a pattern.</summary>
    public static MaskForm Of(NMPattern pattern) => new(pattern.N, pattern.M, 0);

    /// <summary>Whether it is the binary mask of the pattern, the only form that packs.</summary>
    public bool Is(NMPattern pattern) => this == Of(pattern);

    /// <summary>As reports say it: "dense", "2:4", "2:4 β 0.98".</summary>
    public override string ToString() => IsDense
        ? "dense"
        : string.Create(CultureInfo.InvariantCulture, $"{N}:{M}") + (Pruned == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" β {Pruned:G3}"));
}
