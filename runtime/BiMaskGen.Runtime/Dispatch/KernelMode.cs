namespace BiMaskGen;

/// <summary>Which kernel the products of sparse layers run on. No choice changes the mathematics: dense means the masked product.</summary>
public enum KernelMode
{
    /// <summary>Each layer measures both once per batch size class and keeps the faster.</summary>
    Auto,

    /// <summary>The packed sparse kernels, faster or not.</summary>
    Sparse,

    /// <summary>The dense product of the masked weights.</summary>
    Dense,

    /// <summary>The same by torch's own operators, on any device: none of our kernels, and the way round a CUDA part that does not work.</summary>
    Torch,

    /// <summary>
    /// Nothing is measured, so that a run is the same to the bit each time, and after it was resumed: what a loaded state pins, else sparse from 512² weights
    /// on and masked dense below. What a layer takes is pinned, and saved with its state.
    /// </summary>
    Deterministic,
}
