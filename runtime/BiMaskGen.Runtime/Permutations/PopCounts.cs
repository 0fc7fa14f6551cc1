using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BiMaskGen.Permutations;

/// <summary>
/// Population counts of intersections, the inner loops of every search. Sets start on a cache line and are padded with zeros to whole
/// blocks of 8 words. .NET has no vector popcount; on AVX-512 two table look-ups per byte (vpshufb) beat one popcnt per word.
/// </summary>
internal static unsafe class PopCounts
{
    /// <summary>Words of the blocks to which sets are padded: 512 bits.</summary>
    public const int BlockWords = 8;

    /// <summary>|a ∩ b|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int And(ulong* a, ulong* b, int words)
    {
        if (Avx512BW.IsSupported)
        {
            Vector512<ulong> sum = Vector512<ulong>.Zero;
            for (nint i = 0; i < words; i += BlockWords)
            {
                sum += Sum(ByteCounts(Vector512.Load(a + i) & Vector512.Load(b + i)));
            }

            return (int)Vector512.Sum(sum);
        }

        int count = 0;
        for (nint i = 0; i < words; i++)
        {
            count += BitOperations.PopCount(a[i] & b[i]);
        }

        return count;
    }

    /// <summary>|a ∩ b| + |c ∩ d|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AndPair(ulong* a, ulong* b, ulong* c, ulong* d, int words)
    {
        if (Avx512BW.IsSupported)
        {
            Vector512<ulong> sum = Vector512<ulong>.Zero;
            for (nint i = 0; i < words; i += BlockWords)
            {
                Vector512<byte> first = ByteCounts(Vector512.Load(a + i) & Vector512.Load(b + i));
                sum += Sum(first + ByteCounts(Vector512.Load(c + i) & Vector512.Load(d + i)));
            }

            return (int)Vector512.Sum(sum);
        }

        int count = 0;
        for (nint i = 0; i < words; i++)
        {
            count += BitOperations.PopCount(a[i] & b[i]) + BitOperations.PopCount(c[i] & d[i]);
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> ByteCounts(Vector512<ulong> set)
    {
        // Ones of each nibble, 0 to 15, in every 128-bit lane. Literals: the JIT rebuilds a nested Create inside the loop.
        const ulong Low = 0x0302_0201_0201_0100;
        const ulong High = 0x0403_0302_0302_0201;
        Vector512<byte> table = Vector512.Create(Low, High, Low, High, Low, High, Low, High).AsByte();
        Vector512<byte> nibble = Vector512.Create((byte)0x0F);
        Vector512<byte> low = set.AsByte() & nibble;
        Vector512<byte> high = (set >> 4).AsByte() & nibble;
        return Avx512BW.Shuffle(table, low) + Avx512BW.Shuffle(table, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Sum(Vector512<byte> counts) =>
        Avx512BW.SumAbsoluteDifferences(counts, Vector512<byte>.Zero).AsUInt64();
}
