namespace BiMaskGen.Checkpoints;

/// <summary>By what the kept weights of a packed layer were chosen.</summary>
public enum KeptScore
{
    /// <summary>The mask came from elsewhere: another tool's file, or a training method's state.</summary>
    Given,

    /// <summary>|W|.</summary>
    Magnitude,

    /// <summary>|W| · ‖x‖₂ of the input feature (arXiv 2306.11695).</summary>
    Wanda,

    /// <summary>Optimal brain surgery by blocks (arXiv 2301.00774). Changes the kept weights too.</summary>
    SparseGPT,
}
