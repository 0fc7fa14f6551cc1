namespace BiMaskGen;

/// <summary>How far <see cref="NMSparseAttribute"/> on a class reaches.</summary>
public enum SparseReach
{
    /// <summary>The layers that the class's own members hold.</summary>
    Members,

    /// <summary>
    /// Also the layers of modules below it whose classes are in the same project and carry no attribute: a transformer's blocks. Decided per instance: a
    /// block of the same class under a model without the attribute stays dense.
    /// </summary>
    Children,
}
