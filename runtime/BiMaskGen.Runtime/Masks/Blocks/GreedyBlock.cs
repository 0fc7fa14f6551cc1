using System.Runtime.CompilerServices;

namespace BiMaskGen.Masks.Blocks;

// Greedy alone keeps nearly the optimum on average but can be led to half of it: in [[1.01, 1], [1, 0]] at 1:2 it takes 1.01 and 0. What rows alone,
// or columns alone, could keep bounds the optimum from above, so a block in which greedy may have lost more than it should is seen and solved
// exactly.

/// <summary>
/// The entries of a block by falling |w|, ties to the lower index row by row: each is taken while its row and its column hold fewer than N. Where that
/// is not certain to keep <see cref="Enough"/> of the best mask's magnitude, the best mask.
/// </summary>
internal static unsafe class GreedyBlock
{
    /// <summary>The share of the bound below which a block is solved exactly.</summary>
    internal const double Enough = 0.8;

    /// <summary>Finds the mask.</summary>
    /// <param name="pattern">N:M.</param>
    /// <param name="block">At most M×M.</param>
    /// <param name="kept">The columns kept of each row of the block, as bits; written.</param>
    [SkipLocalsInit]
    internal static void Keep(NMPattern pattern, in WeightBlock block, uint* kept)
    {
        ulong* memory = stackalloc ulong[NMPattern.MaxM * NMPattern.MaxM];
        Span<ulong> keys = new(memory, block.Rows * block.Columns);
        for (int i = 0; i < keys.Length; i++)
        {
            // Ascending by this is descending by |w|, then ascending by index.
            uint size = BitConverter.SingleToUInt32Bits(block[i / block.Columns, i % block.Columns]);
            keys[i] = ((ulong)~size << 32) | (uint)i;
        }

        keys.Sort();
        new Span<uint>(kept, block.Rows).Clear();
        double mass = Take(pattern.N, block, keys, kept);
        if (mass < Enough * Bound(pattern.N, block, keys))
        {
            // What the best mask has no use for, zeros say, it may still take: a mask holds as many entries as fit.
            BestBlock.Keep(pattern.N, block, kept);
            Take(pattern.N, block, keys, kept);
        }
    }

    /// <summary>Takes entries in order as long as rows and columns have room beside what is kept already; their magnitude.</summary>
    private static double Take(int n, in WeightBlock block, ReadOnlySpan<ulong> keys, uint* kept)
    {
        Span<int> rows = stackalloc int[NMPattern.MaxM], columns = stackalloc int[NMPattern.MaxM];
        rows.Clear();
        columns.Clear();
        for (int i = 0; i < block.Rows * block.Columns; i++)
        {
            int one = (int)(kept[i / block.Columns] >> (i % block.Columns)) & 1;
            rows[i / block.Columns] += one;
            columns[i % block.Columns] += one;
        }

        double mass = 0;
        foreach (ulong key in keys)
        {
            int row = (int)(uint)key / block.Columns, column = (int)(uint)key % block.Columns;
            if (rows[row] < n && columns[column] < n && (kept[row] >> column & 1) == 0)
            {
                rows[row]++;
                columns[column]++;
                kept[row] |= 1u << column;
                mass += block[row, column];
            }
        }

        return mass;
    }

    /// <summary>What no mask can exceed: the N largest of every row, or of every column, whichever is less.</summary>
    private static double Bound(int n, in WeightBlock block, ReadOnlySpan<ulong> keys)
    {
        Span<int> rows = stackalloc int[NMPattern.MaxM], columns = stackalloc int[NMPattern.MaxM];
        rows.Clear();
        columns.Clear();
        double byRows = 0, byColumns = 0;
        foreach (ulong key in keys)
        {
            int row = (int)(uint)key / block.Columns, column = (int)(uint)key % block.Columns;
            byRows += rows[row]++ < n ? block[row, column] : 0;
            byColumns += columns[column]++ < n ? block[row, column] : 0;
        }

        return Math.Min(byRows, byColumns);
    }
}
