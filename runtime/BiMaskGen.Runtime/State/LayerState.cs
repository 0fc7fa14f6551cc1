using BiMaskGen.Permutations;

namespace BiMaskGen;

/// <summary>What one layer saves beside its weights.</summary>
internal sealed class LayerState
{
    public required string Pattern { get; init; }

    public required string Method { get; init; }

    public required int OutFeatures { get; init; }

    public required int InFeatures { get; init; }

    public long Step { get; init; }

    public bool Started { get; init; }

    /// <summary>The fingerprint of the weights that the last grad-enabled forward saw.</summary>
    public ulong Seen { get; init; }

    public bool DecayPending { get; init; }

    public long PermutedAt { get; init; }

    public int[]? Permutation { get; init; }

    public Dictionary<int, KernelKind> ForwardKernels { get; init; } = [];

    /// <summary>Of y without gradients: operands live longer there, so the choice may differ.</summary>
    public Dictionary<int, KernelKind> EvaluationKernels { get; init; } = [];

    public Dictionary<int, KernelKind> BackwardKernels { get; init; } = [];

    /// <summary>Of dW from a sample of the gradient; empty without the option.</summary>
    public Dictionary<int, KernelKind> WeightKernels { get; init; } = [];

    /// <summary>Refuses a state that does not belong to this layer.</summary>
    /// <exception cref="NMSparseStateException">It is of another pattern, method or shape, or its permutation is none.</exception>
    public void Check(string name, SparseLayer layer)
    {
        Same("pattern", Pattern, layer.Pattern.ToString());
        Same("method", Method, layer.Method.ToString());
        Same("shape", $"[{OutFeatures}, {InFeatures}]", $"[{layer.OutFeatures}, {layer.InFeatures}]");
        if (Step < 0 || PermutedAt < 0 || PermutedAt > Step)
        {
            throw new NMSparseStateException($"{name}: step {Step}, permutation of step {PermutedAt}: no valid clock.");
        }

        if (Permutation is not null && (Permutation.Length != OutFeatures || !RowPermutation.IsPermutation(Permutation)))
        {
            throw new NMSparseStateException($"{name}: the permutation of {Permutation.Length} rows is no permutation of {OutFeatures} rows.");
        }

        void Same(string what, string saved, string model)
        {
            if (saved != model)
            {
                throw new NMSparseStateException($"{name}: the file's {what} is {saved}, the model's is {model}.");
            }
        }
    }
}
