using BiMaskGen.Masks;

namespace BiMaskGen.Runtime.Tests.Support;

/// <summary>The masks as the definition reads: sort each run in float64 and take the first N.</summary>
internal static class MaskReference
{
    /// <summary>top(N, M, along in_features) of |W|.</summary>
    public static bool[] Forward(int n, int m, float[] weight, int rows, int columns)
    {
        bool[] mask = new bool[weight.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int first = 0; first < columns; first += m)
            {
                int start = (row * columns) + first;
                Keep(Enumerable.Range(start, Math.Min(m, columns - first)), n, weight, mask);
            }
        }

        return mask;
    }

    /// <summary>The N largest kept weights of each group of permuted rows, column by column.</summary>
    public static bool[] Backward(int n, int m, float[] weight, int rows, int columns, bool[] forward, int[] permutation)
    {
        bool[] mask = new bool[weight.Length];
        for (int column = 0; column < columns; column++)
        {
            for (int first = 0; first < rows; first += m)
            {
                int[] group = permutation[first..Math.Min(first + m, rows)];
                Keep(group.Select(row => (row * columns) + column).Where(i => forward[i]), n, weight, mask);
            }
        }

        return mask;
    }

    /// <summary>A mask as bits, entry by entry.</summary>
    public static bool[] Flatten(NMMask mask)
    {
        bool[] bits = new bool[mask.Rows * mask.Columns];
        for (int i = 0; i < bits.Length; i++)
        {
            bits[i] = mask[i / mask.Columns, i % mask.Columns];
        }

        return bits;
    }

    /// <summary>The first entry in which a mask differs from the expected bits, or −1.</summary>
    public static int FirstDifference(bool[] expected, NMMask mask)
    {
        bool[] bits = Flatten(mask);
        int same = expected.AsSpan().CommonPrefixLength(bits);
        return same == expected.Length && same == bits.Length ? -1 : same;
    }

    /// <summary>Bits as a mask.</summary>
    public static NMMask ToMask(bool[] bits, int rows, int columns)
    {
        var mask = new NMMask(rows, columns);
        for (int i = 0; i < bits.Length; i++)
        {
            if (bits[i])
            {
                mask.Set(i / columns, i % columns);
            }
        }

        return mask;
    }

    // A stable sort: of equal magnitudes the one that comes first in the run stays first.
    private static void Keep(IEnumerable<int> run, int n, float[] weight, bool[] mask)
    {
        foreach (int i in run.OrderByDescending(i => Math.Abs((double)weight[i])).Take(n))
        {
            mask[i] = true;
        }
    }
}
