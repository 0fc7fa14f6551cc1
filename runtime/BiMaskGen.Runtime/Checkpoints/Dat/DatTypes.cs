namespace BiMaskGen.Checkpoints;

/// <summary>The numbers of torch's scalar types in TorchSharp's files, and the types of safetensors that they are.</summary>
internal static class DatTypes
{
    private static readonly (int Number, DType DType)[] s_known =
    [
        (0, DType.U8), (1, DType.I8), (2, DType.I16), (3, DType.I32), (4, DType.I64), (5, DType.F16), (6, DType.F32), (7, DType.F64),
        (9, DType.C64), (11, DType.BOOL), (15, DType.BF16),
    ];

    /// <summary>The type of a number.</summary>
    public static bool TryParse(long number, out DType dtype)
    {
        int index = Array.FindIndex(s_known, k => k.Number == number);
        dtype = index < 0 ? default : s_known[index].DType;
        return index >= 0;
    }

    /// <summary>The number of a type, or −1 if TorchSharp has none for it.</summary>
    public static int NumberOf(DType dtype)
    {
        int index = Array.FindIndex(s_known, k => k.DType == dtype);
        return index < 0 ? -1 : s_known[index].Number;
    }
}
