namespace BiMaskGen;

/// <summary>The state of one layer's masks and kernels, for a report.</summary>
/// <param name="Name">Model class and member.</param>
/// <param name="Pattern">The N:M pattern.</param>
/// <param name="OutFeatures">Rows of the weight.</param>
/// <param name="InFeatures">Columns of the weight; in_channels·kh·kw of a convolution.</param>
/// <param name="Step">Training steps counted.</param>
/// <param name="KeptForward">Σ Mf / (out·in), or null before the first use.</param>
/// <param name="KeptBackwardIdentity">Share of the kept forward weights that backward would keep without the permutation; null for a method without one.</param>
/// <param name="KeptBackward">Σ Mb / Σ Mf, under the permutation where there is one; null before the first search or backward mask.</param>
/// <param name="Kernels">What was measured, per product and batch size class.</param>
/// <param name="Counters">How often each kernel ran.</param>
public sealed record LayerReport(
    string Name, NMPattern Pattern, int OutFeatures, int InFeatures, long Step, double? KeptForward, double? KeptBackwardIdentity,
    double? KeptBackward, IReadOnlyList<KernelDecision> Kernels, KernelCounters Counters)
{
    /// <summary>The training method.</summary>
    public SparseMethod Method { get; init; }

    /// <summary>What the schedule made of the layer at its last use, "2:4", "dense", "7:8" or "2:4 β 0.5"; null before the first.</summary>
    public string? Form { get; init; }

    /// <summary>
    /// The share of Mf's entries that changed since the last refresh (SR-STE's sparse architecture divergence, per weight): since the last search of the
    /// permutation, at the last refresh of a mask that is kept, else since the last multiple of 100 steps. Null where there is nothing to compare with.
    /// </summary>
    public double? Flips { get; init; }

    /// <summary>
    /// ‖W⊙Mf − W⊙Mb‖ / ‖W⊙Mf‖: how far dX is from the gradient of y on average, relative to that, for output gradients whose entries are of one size and
    /// uncorrelated. 0 where both directions have one mask; null before backward has one, and where the weights moved since.
    /// </summary>
    public double? GradientGap { get; init; }

    /// <summary>Why the layer does not run on our CUDA kernels although it is on a GPU; null where it does, or is not.</summary>
    public string? CudaRefusal { get; init; }

    /// <summary>Bytes that the layer holds in place of its dense weight; null while it has that.</summary>
    public long? ReleasedBytes { get; init; }

    /// <summary>In what form, "int8, 2:4 compressed", and why not compressed where it is not, of a layer that was released on a GPU; else null.</summary>
    public string? ReleasedForm { get; init; }

    /// <summary>Bytes of the dense weight that was given up; null while the layer has it.</summary>
    public long? ReleasedDenseBytes { get; init; }
}

/// <summary>A choice of kernel that was made by measuring.</summary>
/// <param name="Product">"y" or "dX"; "dW" of a layer that samples its gradient.</param>
/// <param name="MaxRows">The largest batch of the size class.</param>
/// <param name="Kernel">The kernel chosen.</param>
/// <param name="SparseMilliseconds">Median time of the sparse product; 0 if it was restored from a file.</param>
/// <param name="DenseMilliseconds">Median time of the masked dense product; 0 likewise.</param>
/// <param name="Calls">Calls of the size class, the measured ones included.</param>
public sealed record KernelDecision(
    string Product, int MaxRows, KernelKind Kernel, double SparseMilliseconds, double DenseMilliseconds, long Calls)
{
    /// <summary>Why this kernel, where it was not by measuring: what the hardware or a library does not take.</summary>
    public string? Reason { get; init; }
}
