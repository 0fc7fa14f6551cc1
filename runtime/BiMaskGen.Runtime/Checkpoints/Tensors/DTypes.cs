namespace BiMaskGen.Checkpoints;

/// <summary>Facts about element types.</summary>
public static class DTypes
{
    private const int ByteBits = 8;

    private static readonly DType[] s_all = Enum.GetValues<DType>();
    private static readonly string[] s_names = [.. s_all.Select(d => d.ToString())];

    /// <summary>All names, for messages.</summary>
    internal static string KnownNames { get; } = string.Join(", ", s_names);

    /// <summary>The name in a safetensors header.</summary>
    /// <param name="dtype">The type.</param>
    public static string Name(this DType dtype) => s_names[(int)dtype];

    /// <summary>How many bits make an element.</summary>
    /// <param name="dtype">The type.</param>
    public static int Bits(this DType dtype) => dtype switch
    {
        DType.F4 => 4,
        DType.F6_E2M3 or DType.F6_E3M2 => 6,
        < DType.I16 => 8,
        < DType.I32 => 16,
        < DType.C64 => 32,
        _ => 64,
    };

    /// <summary>How many bytes make an element; 0 where elements are no whole bytes (4- and 6-bit floats).</summary>
    /// <param name="dtype">The type.</param>
    public static int Bytes(this DType dtype) => dtype.Bits() / ByteBits;

    /// <summary>The type of a name in a safetensors header, case and all.</summary>
    /// <param name="name">The name.</param>
    /// <param name="dtype">The type.</param>
    /// <returns>False if the format has no such type.</returns>
    public static bool TryParse(string name, out DType dtype)
    {
        int index = Array.IndexOf(s_names, name);
        dtype = index < 0 ? default : s_all[index];
        return index >= 0;
    }
}
