using System.ComponentModel;
using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Training.Methods;

namespace BiMaskGen.Training;

/// <summary>
/// One forward of a layer on a GPU and what its backward needs of it. Made by <see cref="SparseLinear.BeginCuda"/>, ended by
/// <see cref="SparseLinear.End(CudaCall)"/>.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CudaCall
{
    internal CudaCall(LayerOnCuda side, CudaState state, int device, int rows, bool training, Activation activation)
    {
        Side = side;
        State = state;
        Device = device;
        Rows = rows;
        Training = training;
        Activation = activation;
    }

    /// <summary>Batch rows.</summary>
    public int Rows { get; }

    /// <summary>Whether grad mode was on.</summary>
    public bool Training { get; }

    /// <summary>The activation fused into the product.</summary>
    public Activation Activation { get; }

    /// <summary>Whether dX multiplies the gradient with its columns in the permutation's order; else the gradient as it is.</summary>
    public bool Permutes { get; internal init; }

    internal LayerOnCuda Side { get; }

    internal MaskForm Form { get; init; }

    internal CudaState State { get; }

    internal int Device { get; }

    internal bool Leased { get; set; } = true;
}
