namespace BiMaskGen;

/// <summary>The kernel that computed a product.</summary>
public enum KernelKind
{
    /// <summary>Not chosen yet.</summary>
    Undecided,

    /// <summary>Packed N:M weights on SIMD lanes.</summary>
    SparseCpu,

    /// <summary>The dense product of the masked weights.</summary>
    MaskedDense,

    /// <summary>Compressed 2:4 weights on a GPU's sparse tensor cores.</summary>
    SparseCuda,
}
