namespace BiMaskGen.Sparsify;

/// <summary>What decides which weights a one-shot sparsifier keeps.</summary>
public enum PruningMethod
{
    /// <summary>|W|. Needs no calibration.</summary>
    Magnitude,

    /// <summary>|W| · ‖x‖₂ of the weight's input feature (Sun et al., arXiv 2306.11695). Needs Σ x² per feature.</summary>
    Wanda,

    /// <summary>
    /// Second order: W² / [H⁻¹]², H = X Xᵀ + λ I, and the kept weights make up for the pruned ones (Frantar and Alistarh, arXiv 2301.00774).
    /// Needs X Xᵀ.
    /// </summary>
    SparseGpt,
}
