namespace BiMaskGen;

/// <summary>
/// How a layer trains sparse: which masks forward and backward use, what is done to the weight gradient, and what moves with the step.
/// docs/methods.md has the formulas and when to use which. Mf is the mask top(N, M, along in_features) of |W|.
/// </summary>
public enum SparseMethod
{
    /// <summary>
    /// Bi-directional masks (Zhang et al., ICML 2023): Mf for forward, another mask along the permuted out_features for the input
    /// gradient; weight gradient dense with SR-STE decay. Both products fit N:M hardware.
    /// </summary>
    BiMask,

    /// <summary>Straight-through estimator (Bengio 2013): W⊙Mf in both directions, dW = gᵀx. dX is dense on hardware.</summary>
    Ste,

    /// <summary>Straight-through with decay of the pruned weights (Zhou et al., ICLR 2021): dW = gᵀx + λ(1−Mf)⊙W. dX is dense on hardware.</summary>
    SrSte,

    /// <summary>
    /// One mask for both directions, at most N:M along both axes of every M×M block (Hubara et al., NeurIPS 2021), made anew every
    /// <see cref="NMSparseAttribute.RefreshEvery"/> steps. Both products fit N:M hardware.
    /// </summary>
    Transposable,

    /// <summary>
    /// Bi-directional weight pruning (Fang et al., 2023): Mf for forward, top(N, M, along out_features) of |W| for the input gradient,
    /// without a permutation; dW = gᵀx. Both products fit N:M hardware.
    /// </summary>
    Bdwp,

    /// <summary>
    /// SLoPe (Mozaffari et al., 2024): Mf is kept from the start or between refreshes, the input gradient prunes W⊙Mf again along
    /// out_features, dW = (gᵀx)⊙Mf. Both products fit N:M hardware.
    /// </summary>
    DoublePruned,

    /// <summary>
    /// Mask decay (Kang et al., 2024): W⊙(Mf + β(1−Mf)) in both directions while β falls from 1 to 0, dW likewise masked. Dense on
    /// hardware until β is 0.
    /// </summary>
    MaskDecay,

    /// <summary>Structure decay (Kang et al., 2024): W⊙Mf in both directions while the pattern narrows from nearly dense to N:M.</summary>
    StructureDecay,

    /// <summary>
    /// S-STE (Hu et al., 2024), 2:4 alone: β·S(W) in both directions, S the soft threshold at the second smallest of four, so that the
    /// product is a continuous function of W. dX is dense on hardware.
    /// </summary>
    Continuous,
}
