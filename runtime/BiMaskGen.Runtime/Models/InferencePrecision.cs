namespace BiMaskGen;

/// <summary>
/// In which numbers a layer that gives up its dense weight (<see cref="SparseModelExtensions.ReleaseDense(INMSparseModel, InferencePrecision)"/>) multiplies from
/// then on. What is not <see cref="AsTrained"/> changes outputs, for good: it is for inference on a GPU, and only where it was asked for.
/// </summary>
public enum InferencePrecision
{
    /// <summary>As before: float32 on the CPU, and on a GPU what <see cref="NMSparseAttribute.Precision"/> says.</summary>
    AsTrained,

    /// <summary>
    /// int8 by sparse tensor cores, sums in int32. Kept weights are rounded to 1/127 of the largest one of their output row, inputs at each call to 1/127 of
    /// the largest entry of their row of the batch. GPUs of compute capability 8.0 and newer.
    /// </summary>
    Int8,

    /// <summary>
    /// float8 e4m3 by sparse tensor cores, sums in float32. Rows are scaled so that their largest entry is 448, the largest number of the type, and rounded to
    /// 3 bits of mantissa. GPUs of compute capability 8.9 and newer.
    /// </summary>
    Float8,
}
