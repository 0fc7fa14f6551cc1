namespace BiMaskGen.Dispatch;

/// <summary>The products of a linear layer that have a choice of kernels.</summary>
internal enum KernelProduct
{
    /// <summary>y.</summary>
    Output,

    /// <summary>dX.</summary>
    InputGradient,

    /// <summary>dW from a sample of the gradient.</summary>
    WeightGradient,
}
