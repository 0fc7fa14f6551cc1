namespace BiMaskGen;

/// <summary>Through which patterns <see cref="SparseMethod.StructureDecay"/> narrows to N:M, in frames of equal length.</summary>
public enum StructureCurve
{
    /// <summary>
    /// (M−1):M, M/2:M, M/4:M … N:M, log₂(M/N) + 1 frames, where M/N is a power of two; else (M−1):M, (M−2):M … N:M. The default.
    /// </summary>
    Stepwise,

    /// <summary>8N:8M, 4N:4M, 2N:2M, N:M.</summary>
    Geometric,
}
