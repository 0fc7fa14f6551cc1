using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BiMaskGen.Permutations;

/// <summary>Sums over the columns of two rows of eight-bit sizes.</summary>
internal static unsafe class SizeSums
{
    /// <summary>Σ max(0, a − b).</summary>
    /// <param name="a">Sizes.</param>
    /// <param name="b">Sizes.</param>
    /// <param name="length">Bytes, a multiple of 32.</param>
    public static long Above(byte* a, byte* b, int length)
    {
        Vector256<ulong> sums = Vector256<ulong>.Zero;
        for (int i = 0; i < length; i += Vector256<byte>.Count)
        {
            sums += Sums(Vector256.SubtractSaturate(Vector256.Load(a + i), Vector256.Load(b + i)));
        }

        return (long)Vector256.Sum(sums);
    }

    private static Vector256<ulong> Sums(Vector256<byte> values)
    {
        if (Avx2.IsSupported)
        {
            return Avx2.SumAbsoluteDifferences(values, Vector256<byte>.Zero).AsUInt64();
        }

        Vector256<ushort> pairs = Vector256.WidenLower(values) + Vector256.WidenUpper(values);
        Vector256<uint> fours = Vector256.WidenLower(pairs) + Vector256.WidenUpper(pairs);
        return Vector256.WidenLower(fours) + Vector256.WidenUpper(fours);
    }
}
