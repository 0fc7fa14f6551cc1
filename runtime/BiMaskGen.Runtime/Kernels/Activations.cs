namespace BiMaskGen.Kernels;

/// <summary>Facts about activations.</summary>
public static class Activations
{
    /// <summary>
    /// Whether the gradient through an activation is computed from the value before it, z, which forward has to keep; a relu's is computed from its
    /// output, whose sign is that of z.
    /// </summary>
    /// <param name="activation">The activation.</param>
    public static bool KeepsInput(this Activation activation) => activation is Activation.Gelu or Activation.Silu;
}
