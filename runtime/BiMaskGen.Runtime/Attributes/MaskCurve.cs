namespace BiMaskGen;

/// <summary>How β, what remains of pruned weights under <see cref="SparseMethod.MaskDecay"/>, falls from 1 with the step t.</summary>
public enum MaskCurve
{
    /// <summary>β = max(0, 1 − c·t). The default.</summary>
    Linear,

    /// <summary>β = e^(−c·t).</summary>
    Exponential,
}
