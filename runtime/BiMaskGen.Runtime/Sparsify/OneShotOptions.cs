using BiMaskGen.Permutations;

namespace BiMaskGen.Sparsify;

/// <summary>How a trained layer is made sparse in one go.</summary>
/// <param name="Pattern">N:M along in_features.</param>
public sealed record OneShotOptions(NMPattern Pattern)
{
    /// <summary>The share of the mean of H's diagonal that SparseGPT's authors add to it.</summary>
    public const double DefaultDamping = 0.01;

    /// <summary>What decides which weights stay.</summary>
    public PruningMethod Method { get; init; } = PruningMethod.Magnitude;

    /// <summary>The search for the row permutation of Bi-Mask.</summary>
    public PermutationSearchOptions Rows { get; init; } = PermutationSearchOptions.Default;

    /// <summary>The search for an order of the input channels; null leaves them where they are.</summary>
    public ChannelSearchOptions? Channels { get; init; }

    /// <summary>λ of SparseGPT's H = X Xᵀ + λ I, as a share of the mean of X Xᵀ's diagonal; above 0.</summary>
    public double Damping { get; init; } = DefaultDamping;
}
