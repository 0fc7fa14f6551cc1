namespace BiMaskGen;

/// <summary>The state of one layer's masks and kernels, for a report.</summary>
/// <param name="Name">Model class and member.</param>
/// <param name="Pattern">The N:M pattern.</param>
/// <param name="OutFeatures">Rows of the weight.</param>
/// <param name="InFeatures">Columns of the weight.</param>
/// <param name="Step">Training steps counted.</param>
/// <param name="KeptForward">Σ Mf / (out·in), or null before the first use.</param>
/// <param name="KeptBackwardIdentity">Share of the kept forward weights that backward would keep without the permutation.</param>
/// <param name="KeptBackward">Share of the kept forward weights that backward keeps under the permutation; null before the first search.</param>
/// <param name="Kernels">What was measured, per product and batch size class.</param>
/// <param name="Counters">How often each kernel ran.</param>
public sealed record LayerReport(
    string Name, NMPattern Pattern, int OutFeatures, int InFeatures, long Step, double? KeptForward, double? KeptBackwardIdentity,
    double? KeptBackward, IReadOnlyList<KernelDecision> Kernels, KernelCounters Counters)
{
    /// <summary>Bytes that the layer holds in place of its dense weight; null while it has that.</summary>
    public long? ReleasedBytes { get; init; }
}

/// <summary>A choice of kernel that was made by measuring.</summary>
/// <param name="Product">"y" or "dX"; "dW" of a layer that samples its gradient.</param>
/// <param name="MaxRows">The largest batch of the size class.</param>
/// <param name="Kernel">The kernel chosen.</param>
/// <param name="SparseMilliseconds">Median time of the sparse product; 0 if it was restored from a file.</param>
/// <param name="DenseMilliseconds">Median time of the masked dense product; 0 likewise.</param>
/// <param name="Calls">Calls of the size class, the measured ones included.</param>
public sealed record KernelDecision(
    string Product, int MaxRows, KernelKind Kernel, double SparseMilliseconds, double DenseMilliseconds, long Calls);
