namespace BiMaskGen.Training;

/// <summary>What the generator knows about one sparse layer when it compiles it; baked into the emitted code.</summary>
public sealed record SparseLayerOptions
{
    /// <summary>The layer as messages name it: model class and member, "Demo.Mlp.fc1".</summary>
    public required string Name { get; init; }

    /// <summary>The N:M pattern.</summary>
    public required NMPattern Pattern { get; init; }

    /// <summary>The training method.</summary>
    public SparseMethod Method { get; init; } = SparseMethod.BiMask;

    /// <summary>in_features where the source gives a constant, else null: then the layer says it at run time.</summary>
    public int? InFeatures { get; init; }

    /// <summary>out_features where the source gives a constant, else null.</summary>
    public int? OutFeatures { get; init; }

    /// <summary>Whether the layer has a bias, where the source says so, else null.</summary>
    public bool? HasBias { get; init; }

    /// <summary>λ of the SR-STE decay.</summary>
    public double Decay { get; init; } = 2e-4;

    /// <summary>ΔT, training steps between two permutation searches.</summary>
    public int PermuteEvery { get; init; } = 100;

    /// <summary>How the permutation is searched.</summary>
    public PermutationSearch Search { get; init; } = PermutationSearch.Swap;

    /// <summary>K of <see cref="PermutationSearch.PaperRandom"/>.</summary>
    public int SearchCandidates { get; init; } = 100;

    /// <summary>Seed of the search and of <see cref="Mvue"/>'s draws.</summary>
    public int Seed { get; init; }

    /// <summary>Whether dW comes from an unbiased sample of gᵀ: 1:2 along the batch for a 1:2 layer, 2:4 for all others.</summary>
    public bool Mvue { get; init; }
}
