namespace BiMaskGen.Packing;

/// <summary>The layouts of a packed matrix: kernels for small and for large batches read different ones.</summary>
[Flags]
public enum PackedForms
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Kept values and indices of ⌈log₂ M⌉ bits: the smallest form, for small batches and for storage.</summary>
    Groups = 1,

    /// <summary>Rows in fours, kept values sorted by which rows share a column: for large batches.</summary>
    Quads = 2,

    /// <summary>Both.</summary>
    All = Groups | Quads,
}
