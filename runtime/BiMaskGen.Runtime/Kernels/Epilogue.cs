namespace BiMaskGen.Kernels;

/// <summary>What a product does to each output row before it is stored: z = product + bias, y = activation(z).</summary>
/// <param name="bias">One value per output column, or null.</param>
/// <param name="activation">The activation.</param>
/// <param name="preActivation">Where z is stored too, with the strides of y, or null.</param>
public readonly unsafe struct Epilogue(float* bias, Activation activation = Activation.None, float* preActivation = null)
{
    /// <summary>One value per output column, or null.</summary>
    public float* Bias { get; } = bias;

    /// <summary>The activation.</summary>
    public Activation Activation { get; } = activation;

    /// <summary>Where z is stored too, with the strides of y, or null.</summary>
    public float* PreActivation { get; } = preActivation;
}
