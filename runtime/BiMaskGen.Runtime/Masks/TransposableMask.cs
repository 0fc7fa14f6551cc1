using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Masks.Blocks;

namespace BiMaskGen.Masks;

/// <summary>
/// A mask that is at most N:M along both axes of every M×M block (arXiv 2102.08124), so that W ⊙ mask fits N:M hardware in both directions:
/// the best of the 90 block masks of 2:4 (<see cref="TwoOfFourBlock"/>), else the greedy one (<see cref="GreedyBlock"/>). Blocks at the end of an axis are
/// smaller and treated alike.
/// </summary>
internal static unsafe class TransposableMask
{
    /// <summary>Makes the mask.</summary>
    /// <param name="pattern">N:M.</param>
    /// <param name="weight">W, row-major.</param>
    /// <param name="mask">Overwritten; its shape is that of W.</param>
    /// <returns>Whether all weights are finite; if not, the mask is void.</returns>
    internal static bool Run(NMPattern pattern, ReadOnlySpan<float> weight, NMMask mask)
    {
        MaskArguments.CheckPattern(pattern);
        MaskArguments.CheckWeight(weight, mask.Rows, mask.Columns);
        if (WeightCheck.FirstNonFinite(weight) >= 0)
        {
            return false;
        }

        fixed (float* w = weight)
        fixed (ulong* words = mask.Words)
        {
            CpuPool.For(pattern.GroupsIn(mask.Rows), new Body
            {
                Pattern = pattern,
                Weight = w,
                Rows = mask.Rows,
                Columns = mask.Columns,
                Words = words,
                WordsPerRow = mask.WordsPerRow,
            });
        }

        return true;
    }

    private struct Body : IRangeBody
    {
        public NMPattern Pattern;
        public float* Weight;
        public int Rows;
        public int Columns;
        public ulong* Words;
        public int WordsPerRow;

        public readonly void Invoke(int index)
        {
            int m = Pattern.M, first = index * m, rows = Math.Min(m, Rows - first);
            ulong* words = Words + ((nint)first * WordsPerRow);
            new Span<ulong>(words, rows * WordsPerRow).Clear();
            uint* kept = stackalloc uint[NMPattern.MaxM];
            for (int column = 0; column < Columns; column += m)
            {
                WeightBlock block = new(Weight + ((nint)first * Columns) + column, Columns, rows, Math.Min(m, Columns - column));
                if (Pattern is { N: 2, M: 4 })
                {
                    TwoOfFourBlock.Keep(block, kept);
                }
                else
                {
                    GreedyBlock.Keep(Pattern, block, kept);
                }

                for (int row = 0; row < rows; row++)
                {
                    Deposit(words + ((nint)row * WordsPerRow), column, kept[row]);
                }
            }
        }

        private static void Deposit(ulong* row, int column, uint bits)
        {
            int shift = column & 63;
            row[column >> 6] |= (ulong)bits << shift;
            if (shift > 32 && (bits >> (64 - shift)) is not 0 and uint rest)
            {
                row[(column >> 6) + 1] |= rest;
            }
        }
    }
}
