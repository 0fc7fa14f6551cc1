using System.Numerics;
using BiMaskGen.Masks;

namespace BiMaskGen.Runtime.Tests.Support;

/// <summary>
/// The search to hold the others against: from the identity, any swap of two rows of different groups that keeps more is made, over and
/// over, until no swap does. A group is counted anew for every swap that is tried: slow, and independent of how the searches count.
/// </summary>
internal static class PlainSwap
{
    /// <summary>Σ Mb in the local optimum.</summary>
    public static long Kept(NMMask forward, NMPattern pattern)
    {
        int[][] groups = [.. Enumerable.Range(0, forward.Rows).Chunk(pattern.M)];
        long[] kept = [.. groups.Select(group => Count(forward, pattern.N, group))];
        bool improved;
        do
        {
            improved = false;
            for (int a = 0; a < groups.Length; a++)
            {
                for (int b = a + 1; b < groups.Length; b++)
                {
                    improved |= Improve(forward, pattern.N, groups, kept, a, b);
                }
            }
        }
        while (improved);
        return kept.Sum();
    }

    private static bool Improve(NMMask forward, int n, int[][] groups, long[] kept, int a, int b)
    {
        bool improved = false;
        for (int i = 0; i < groups[a].Length; i++)
        {
            for (int j = 0; j < groups[b].Length; j++)
            {
                (groups[a][i], groups[b][j]) = (groups[b][j], groups[a][i]);
                long keptA = Count(forward, n, groups[a]);
                long keptB = Count(forward, n, groups[b]);
                if (keptA + keptB > kept[a] + kept[b])
                {
                    (kept[a], kept[b], improved) = (keptA, keptB, true);
                }
                else
                {
                    (groups[a][i], groups[b][j]) = (groups[b][j], groups[a][i]);
                }
            }
        }

        return improved;
    }

    // reached[k] marks the columns that more than k of the rows keep.
    private static long Count(NMMask forward, int n, int[] rows)
    {
        Span<ulong> reached = stackalloc ulong[n];
        long kept = 0;
        for (int word = 0; word < forward.WordsPerRow; word++)
        {
            reached.Clear();
            foreach (int row in rows)
            {
                ulong ones = forward.Row(row)[word];
                for (int k = 0; k < n; k++)
                {
                    (reached[k], ones) = (reached[k] | ones, reached[k] & ones);
                }
            }

            foreach (ulong columns in reached)
            {
                kept += BitOperations.PopCount(columns);
            }
        }

        return kept;
    }
}
