using BiMaskGen.Checkpoints;

namespace BiMaskGen.Sparsify;

/// <summary>How a checkpoint is sparsified.</summary>
public sealed record SparsifyOptions
{
    /// <summary>What decides which weights stay.</summary>
    public PruningMethod Method { get; init; }

    /// <summary>What the layers saw (<see cref="CalibrationFile"/>); needed unless the method is <see cref="PruningMethod.Magnitude"/>.</summary>
    public TensorFile? Calibration { get; init; }

    /// <summary>How the row permutation of the backward masks is searched; <see cref="PermutationSearch.Identity"/> stores none.</summary>
    public PermutationSearch Search { get; init; } = PermutationSearch.Swap;

    /// <summary>
    /// Whether an order of the input channels is searched that keeps more. It costs nothing in inference; training cannot go on from such a file.
    /// </summary>
    public bool PermuteChannels { get; init; }

    /// <summary>λ of SparseGPT's H = X Xᵀ + λ I, as a share of the mean of X Xᵀ's diagonal; above 0.</summary>
    public double Damping { get; init; } = OneShotOptions.DefaultDamping;

    /// <summary>Seed of the searches; the same seed gives the same file.</summary>
    public int Seed { get; init; }

    /// <summary>Whether the file waits for the disk before it gets its name.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>Text to carry beside the tensors, beside what the source carries.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>What the format calls the method.</summary>
    internal KeptScore Score => Method switch
    {
        PruningMethod.Wanda => KeptScore.Wanda,
        PruningMethod.SparseGpt => KeptScore.SparseGPT,
        _ => KeptScore.Magnitude,
    };

    /// <summary>The options for one layer.</summary>
    internal OneShotOptions ForLayer(NMPattern pattern) => new(pattern)
    {
        Method = Method,
        Rows = new(Search, Seed: Seed),
        Channels = PermuteChannels ? ChannelSearchOptions.Default with { Seed = Seed } : null,
        Damping = Damping,
    };
}
