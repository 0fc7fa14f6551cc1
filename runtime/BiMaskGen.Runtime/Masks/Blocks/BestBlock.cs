using System.Runtime.CompilerServices;

namespace BiMaskGen.Masks.Blocks;

// A maximum-weight flow from rows to columns: while a path that takes an entry, gives one up in its column, takes one in that row … gains, it is
// walked. Each walk adds one entry, and the flow before it was the best of its size, so no cycle gains and Bellman and Ford end. In integers, for
// a cycle that gains 10⁻¹⁷ would be one.

/// <summary>The mask of a block with at most N entries in every row and column that keeps the most magnitude.</summary>
internal static unsafe class BestBlock
{
    // |w| relative to the block's largest; 64 of them still fit a long.
    private const double Scale = 1L << 40;
    private const long Unreached = long.MinValue / 2;

    /// <summary>Finds the mask.</summary>
    /// <param name="n">N.</param>
    /// <param name="block">At most 32×32.</param>
    /// <param name="kept">The columns kept of each row of the block, as bits; written.</param>
    [SkipLocalsInit]
    internal static void Keep(int n, in WeightBlock block, uint* kept)
    {
        long* gain = stackalloc long[NMPattern.MaxM * NMPattern.MaxM];
        Weigh(block, gain);
        Span<int> rows = stackalloc int[NMPattern.MaxM], columns = stackalloc int[NMPattern.MaxM];
        rows.Clear();
        columns.Clear();
        new Span<uint>(kept, block.Rows).Clear();
        Span<long> toRow = stackalloc long[NMPattern.MaxM], toColumn = stackalloc long[NMPattern.MaxM];
        Span<int> rowFrom = stackalloc int[NMPattern.MaxM], columnFrom = stackalloc int[NMPattern.MaxM];
        while (true)
        {
            for (int row = 0; row < block.Rows; row++)
            {
                (toRow[row], rowFrom[row]) = (rows[row] < n ? 0 : Unreached, -1);
            }

            toColumn.Fill(Unreached);
            while (Relax(block, gain, kept, toRow, toColumn, rowFrom, columnFrom))
            {
            }

            int end = Best(block.Columns, n, columns, toColumn);
            if (end < 0)
            {
                return;
            }

            columns[end]++;
            for (int column = end; column >= 0; column = rowFrom[columnFrom[column]])
            {
                int row = columnFrom[column], before = rowFrom[row];
                kept[row] |= 1u << column;
                if (before < 0)
                {
                    rows[row]++;
                }
                else
                {
                    kept[row] &= ~(1u << before);
                }
            }
        }
    }

    private static void Weigh(in WeightBlock block, long* gain)
    {
        double largest = 0;
        for (int i = 0; i < block.Rows * block.Columns; i++)
        {
            largest = Math.Max(largest, block[i / block.Columns, i % block.Columns]);
        }

        for (int i = 0; i < block.Rows * block.Columns; i++)
        {
            gain[i] = largest == 0 ? 0 : (long)(block[i / block.Columns, i % block.Columns] / largest * Scale);
        }
    }

    private static bool Relax(
        in WeightBlock block, long* gain, uint* kept, Span<long> toRow, Span<long> toColumn, Span<int> rowFrom, Span<int> columnFrom)
    {
        bool changed = false;
        for (int row = 0; row < block.Rows; row++)
        {
            for (int column = 0; column < block.Columns; column++)
            {
                long w = gain[(row * block.Columns) + column];
                if ((kept[row] >> column & 1) == 0)
                {
                    if (toRow[row] > Unreached && toRow[row] + w > toColumn[column])
                    {
                        (toColumn[column], columnFrom[column], changed) = (toRow[row] + w, row, true);
                    }
                }
                else if (toColumn[column] > Unreached && toColumn[column] - w > toRow[row])
                {
                    (toRow[row], rowFrom[row], changed) = (toColumn[column] - w, column, true);
                }
            }
        }

        return changed;
    }

    private static int Best(int count, int n, Span<int> columns, Span<long> toColumn)
    {
        int best = -1;
        for (int column = 0; column < count; column++)
        {
            if (columns[column] < n && toColumn[column] > (best < 0 ? 0 : toColumn[best]))
            {
                best = column;
            }
        }

        return best;
    }
}
