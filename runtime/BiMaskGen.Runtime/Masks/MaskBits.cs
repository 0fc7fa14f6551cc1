namespace BiMaskGen.Masks;

/// <summary>Reads runs of bits out of the words of a mask's row.</summary>
internal static unsafe class MaskBits
{
    /// <summary>Bits [first, first + count) of a row, the lowest first; none if the count is not above 0.</summary>
    /// <param name="row">The words of the row.</param>
    /// <param name="first">The first bit.</param>
    /// <param name="count">At most 64.</param>
    internal static ulong Read(ulong* row, int first, int count)
    {
        if (count <= 0)
        {
            return 0;
        }

        int shift = first & 63;
        ulong bits = row[first >> 6] >> shift;
        if (shift + count > 64)
        {
            bits |= row[(first >> 6) + 1] << (64 - shift);
        }

        return count == 64 ? bits : bits & ((1ul << count) - 1);
    }
}
