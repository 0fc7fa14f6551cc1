namespace BiMaskGen.Kernels.Cuda;

/// <summary>How a product of a layer runs, and why.</summary>
/// <param name="IsSparse">Whether on sparse tensor cores.</param>
/// <param name="SparseMilliseconds">What the sparse product took with its share of compressing; 0 if it was not measured.</param>
/// <param name="DenseMilliseconds">What the masked dense product took; 0 if it was not measured.</param>
/// <param name="Reason">Why, in words.</param>
internal readonly record struct ProductChoice(bool IsSparse, double SparseMilliseconds, double DenseMilliseconds, string Reason)
{
    /// <summary>What the measurement says: the faster, with the share of compressing counted.</summary>
    public static ProductChoice Measured(double sparse, double dense) => new(sparse <= dense, sparse, dense, "measured");

    /// <summary>A choice that nothing was measured for.</summary>
    public static ProductChoice Given(bool isSparse, string reason) => new(isSparse, 0, 0, reason);
}
