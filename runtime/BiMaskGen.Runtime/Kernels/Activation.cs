namespace BiMaskGen.Kernels;

/// <summary>The activation that a product applies to its output.</summary>
public enum Activation
{
    /// <summary>None.</summary>
    None,

    /// <summary>max(z, 0).</summary>
    Relu,

    /// <summary>z Φ(z) with the exact normal distribution function (erf), torch's default gelu.</summary>
    Gelu,

    /// <summary>z σ(z) with the logistic function σ(z) = 1 / (1 + e⁻ᶻ), torch's silu.</summary>
    Silu,
}
