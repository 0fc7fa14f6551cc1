using BiMaskGen.Dispatch;
using BiMaskGen.Kernels;

namespace BiMaskGen.Training;

/// <summary>
/// One forward of a layer and what its backward needs of it: the operands it leased, the kernels chosen, which gradients are
/// wanted. Made by <see cref="SparseLinear.Begin"/>, ended by <see cref="SparseLinear.End(LinearCall)"/>.
/// </summary>
public sealed class LinearCall
{
    internal LinearCall(LinearWeights weights, int rows, Activation activation)
    {
        Weights = weights;
        Generation = weights.Generation;
        Rows = rows;
        Activation = activation;
    }

    /// <summary>Batch rows.</summary>
    public int Rows { get; }

    /// <summary>The activation fused into the product.</summary>
    public Activation Activation { get; }

    /// <summary>The kernel of y.</summary>
    public KernelKind ForwardKernel { get; internal init; }

    /// <summary>The kernel of dX; undecided when dX is not wanted.</summary>
    public KernelKind BackwardKernel { get; internal init; }

    internal LinearWeights Weights { get; }

    internal int Generation { get; }

    /// <summary>What wants the time of y; null if nothing does.</summary>
    internal KernelTrial? TimeForward { get; init; }

    /// <summary>What wants the time of dX; null if nothing does.</summary>
    internal KernelTrial? TimeBackward { get; init; }

    /// <summary>Ticks that making the operand of y took, as far as they belong to its price.</summary>
    internal long ForwardPreparation { get; init; }

    /// <summary>Ticks that making the operand of dX took.</summary>
    internal long BackwardPreparation { get; init; }

    internal bool Leased { get; set; } = true;
}
