namespace BiMaskGen;

/// <summary>How a layer trains sparse: which masks forward and backward use, and what is added to the weight gradient.</summary>
public enum SparseMethod
{
    /// <summary>
    /// Bi-directional masks (Zhang et al., ICML 2023): one N:M mask along in_features for forward, another along the permuted
    /// out_features for the input gradient; weight gradient dense with SR-STE decay.
    /// </summary>
    BiMask,

    /// <summary>Straight-through estimator. Not implemented yet.</summary>
    Ste,

    /// <summary>Straight-through with decay of the pruned weights. Not implemented yet.</summary>
    SrSte,

    /// <summary>One mask at most N:M along both axes. Not implemented yet.</summary>
    Transposable,

    /// <summary>Bi-directional weight pruning without permutation. Not implemented yet.</summary>
    Bdwp,

    /// <summary>Static forward mask, double-pruned backward (SLoPe). Not implemented yet.</summary>
    DoublePruned,

    /// <summary>Mask that decays from dense to N:M. Not implemented yet.</summary>
    MaskDecay,

    /// <summary>Structure that narrows to N:M over frames. Not implemented yet.</summary>
    StructureDecay,

    /// <summary>Continuous soft-thresholded 2:4 (S-STE). Not implemented yet.</summary>
    Continuous,
}
