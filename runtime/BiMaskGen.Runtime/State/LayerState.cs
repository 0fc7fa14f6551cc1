using System.Globalization;
using BiMaskGen.Permutations;

namespace BiMaskGen;

/// <summary>What one layer saves beside its weights.</summary>
internal sealed class LayerState
{
    public required string Pattern { get; init; }

    public required string Method { get; init; }

    public required int OutFeatures { get; init; }

    public required int InFeatures { get; init; }

    /// <summary>Along what the groups of a convolution run; null for a Linear.</summary>
    public ConvGrouping? Grouping { get; init; }

    public long Step { get; init; }

    public bool Started { get; init; }

    /// <summary>The fingerprint of the weights that the last grad-enabled forward saw.</summary>
    public ulong Seen { get; init; }

    public bool DecayPending { get; init; }

    public long PermutedAt { get; init; }

    public int[]? Permutation { get; init; }

    /// <summary>What a search has found that does not hold yet, as it ran beside training on a GPU.</summary>
    public int[]? FoundPermutation { get; init; }

    /// <summary>The step from which it holds.</summary>
    public long FoundHoldsFrom { get; init; }

    /// <summary>Mf that it was found for (<see cref="MaskText"/>), for layers that search only when masks have moved.</summary>
    public string? FoundMask { get; init; }

    /// <summary>The length of the run, where the schedule or the user has one.</summary>
    public long? TotalSteps { get; init; }

    /// <summary>The step that <see cref="Mask"/> is of.</summary>
    public long MaskedAt { get; init; }

    /// <summary>The mask that is kept (<see cref="MaskText"/>), for methods that keep one.</summary>
    public string? Mask { get; init; }

    /// <summary>
    /// Mf at the last search (<see cref="MaskText"/>), for layers that search only when masks have moved.
    /// </summary>
    public string? SearchedMask { get; init; }

    /// <summary>The scale that was fixed at the first use, for methods that have one.</summary>
    public double? Scale { get; init; }

    public Dictionary<int, KernelKind> ForwardKernels { get; init; } = [];

    /// <summary>Of y without gradients: operands live longer there, so the choice may differ.</summary>
    public Dictionary<int, KernelKind> EvaluationKernels { get; init; } = [];

    public Dictionary<int, KernelKind> BackwardKernels { get; init; } = [];

    /// <summary>Of dW from a sample of the gradient; empty without the option.</summary>
    public Dictionary<int, KernelKind> WeightKernels { get; init; } = [];

    /// <summary>Refuses a state that does not belong to this layer.</summary>
    /// <exception cref="NMSparseStateException">It is of another pattern, method, shape or length of the run, or holds what this method cannot have.</exception>
    public void Check(string name, SparseLayer layer)
    {
        Same("pattern", Pattern, layer.Pattern.ToString());
        Same("method", Method, layer.Method.ToString());
        Same("shape", $"[{OutFeatures}, {InFeatures}]", $"[{layer.OutFeatures}, {layer.InFeatures}]");
        Same("grouping", Grouping?.ToString() ?? "none", (layer as Training.SparseLinear)?.Columns?.Grouping.ToString() ?? "none");
        if (Step < 0 || PermutedAt < 0 || PermutedAt > Step || MaskedAt < 0 || MaskedAt > Step || TotalSteps < 1)
        {
            throw new NMSparseStateException(
                $"{name}: step {Step} of {TotalSteps?.ToString(CultureInfo.InvariantCulture) ?? "?"}, permutation of step {PermutedAt}, mask of step {MaskedAt}: no valid clock.");
        }

        if (TotalSteps is { } total && layer.TotalSteps is { } own && total != own)
        {
            throw new NMSparseStateException(
                $"{name}: the file's TotalSteps is {total}, the model's is {own}: its schedules would go on at another place. Call model.SetTotalSteps({total}) first; after the load it may be set anew.");
        }

        foreach (int[] permutation in new[] { Permutation, FoundPermutation }.OfType<int[]>())
        {
            Refuse(permutation.Length != OutFeatures || !RowPermutation.IsPermutation(permutation)
                ? $"the permutation of {permutation.Length} rows is no permutation of {OutFeatures} rows"
                : null);
        }

        if (FoundPermutation is not null && FoundHoldsFrom <= PermutedAt)
        {
            Refuse(string.Create(CultureInfo.InvariantCulture, $"the permutation that was searched at step {PermutedAt} holds from step {FoundHoldsFrom}: no valid clock"));
        }

        if (Mask is not null)
        {
            string? problem = layer.KeepsMask
                ? MaskText.Problem(Mask, layer.Pattern, OutFeatures, InFeatures, layer.Method == SparseMethod.Transposable)
                : $"the file has a mask, {layer.Method} keeps none";
            Refuse(problem);
        }

        foreach (string mask in new[] { SearchedMask, FoundMask }.OfType<string>())
        {
            Refuse(MaskText.Problem(mask, layer.Pattern, OutFeatures, InFeatures, bothAxes: false));
        }

        if (Scale is { } scale)
        {
            Refuse(layer.Method != SparseMethod.Continuous ? $"the file has a scale, {layer.Method} has none"
                : scale == 0 || !double.IsFinite(scale) ? string.Create(CultureInfo.InvariantCulture, $"the scale is {scale}")
                : null);
        }

        void Refuse(string? problem)
        {
            if (problem is not null)
            {
                throw new NMSparseStateException($"{name}: {problem}.");
            }
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
