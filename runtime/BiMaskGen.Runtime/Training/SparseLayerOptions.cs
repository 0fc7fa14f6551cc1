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

    /// <summary>
    /// in_features where the source gives a constant, else null: then the layer says it at run time. Of a convolution in_channels·kh·kw.
    /// </summary>
    public int? InFeatures { get; init; }

    /// <summary>out_features, or out_channels, where the source gives a constant, else null.</summary>
    public int? OutFeatures { get; init; }

    /// <summary>Whether the layer has a bias, where the source says so, else null.</summary>
    public bool? HasBias { get; init; }

    /// <summary>Along what the groups of a convolution run; means nothing for a Linear.</summary>
    public ConvGrouping Grouping { get; init; }

    /// <summary>λ of the SR-STE decay, for the methods that decay.</summary>
    public double Decay { get; init; } = 2e-4;

    /// <summary>Whether the decay is applied to the weights after the optimizer's step, not to the gradient.</summary>
    public bool DecoupledDecay { get; init; }

    /// <summary>ΔT, training steps between two permutation searches.</summary>
    public int PermuteEvery { get; init; } = 100;

    /// <summary>How the permutation is searched.</summary>
    public PermutationSearch Search { get; init; } = PermutationSearch.Swap;

    /// <summary>K of <see cref="PermutationSearch.PaperRandom"/>.</summary>
    public int SearchCandidates { get; init; } = 100;

    /// <summary>Whether a search starts from the last permutation.</summary>
    public bool WarmStart { get; init; }

    /// <summary>The share of Mf's entries that have to have changed since the last search for the next to be made.</summary>
    public double SearchAbove { get; init; }

    /// <summary>Seed of the search and of <see cref="Mvue"/>'s draws.</summary>
    public int Seed { get; init; }

    /// <summary>Whether dW comes from an unbiased sample of gᵀ: 1:2 along the batch for a 1:2 layer, 2:4 for all others.</summary>
    public bool Mvue { get; init; }

    /// <summary>The type of the products' operands on a GPU.</summary>
    public Precision Precision { get; init; }

    /// <summary>Steps between two refreshes of a mask that is kept; 0 for never.</summary>
    public int RefreshEvery { get; init; }

    /// <summary>Optimizer steps of the run, or null where the model says it at run time.</summary>
    public long? TotalSteps { get; init; }

    /// <summary>Share of the run, from its start, in which the layer is dense.</summary>
    public double DenseFirst { get; init; }

    /// <summary>Share of the run, up to its end, in which the layer is dense again.</summary>
    public double DenseLast { get; init; }

    /// <summary>How β of <see cref="SparseMethod.MaskDecay"/> falls.</summary>
    public MaskCurve MaskCurve { get; init; }

    /// <summary>c of the curve, per step; counts where <see cref="MaskShare"/> is 0.</summary>
    public double MaskRate { get; init; } = 2e-4;

    /// <summary>Share of the steps that are not dense in which β falls to 0; 0 for none.</summary>
    public double MaskShare { get; init; }

    /// <summary>Whether mask decay masks the weight gradient.</summary>
    public bool MaskGradient { get; init; } = true;

    /// <summary>Through which patterns <see cref="SparseMethod.StructureDecay"/> narrows.</summary>
    public StructureCurve StructureCurve { get; init; }
}
