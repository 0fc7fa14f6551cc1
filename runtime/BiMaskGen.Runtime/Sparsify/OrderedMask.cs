using System.Numerics;
using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Masks;

namespace BiMaskGen.Sparsify;

/// <summary>
/// The forward mask whose groups are formed along an order of the channels. Its bits stand at the original columns; a tie goes to the lower
/// position of the order.
/// </summary>
internal static unsafe class OrderedMask
{
    private const int WordBits = 64;

    /// <summary>Computes the mask, on all threads.</summary>
    /// <param name="pattern">N:M along the order.</param>
    /// <param name="scores">Finite, row-major.</param>
    /// <param name="order">order[p] = the original column at position p.</param>
    /// <param name="mask">Overwritten; its shape is that of the scores.</param>
    internal static void Compute(NMPattern pattern, ReadOnlySpan<float> scores, int[] order, NMMask mask)
    {
        MaskArguments.CheckPattern(pattern);
        MaskArguments.CheckWeight(scores, mask.Rows, mask.Columns);
        MaskArguments.CheckPermutation(order, mask.Columns);
        fixed (float* source = scores)
        fixed (ulong* words = mask.Words)
        {
            CpuPool.For(mask.Rows, new Body
            {
                Pattern = pattern,
                Scores = source,
                Order = order,
                Words = words,
                Columns = mask.Columns,
                WordsPerRow = mask.WordsPerRow,
            });
        }
    }

    /// <summary>Computes one row of the mask.</summary>
    /// <param name="pattern">N:M along the order.</param>
    /// <param name="scores">The row.</param>
    /// <param name="order">order[p] = the original column at position p; empty for the columns' own order.</param>
    /// <param name="columns">in_features.</param>
    /// <param name="words">The mask's row, overwritten.</param>
    internal static void Row(NMPattern pattern, float* scores, ReadOnlySpan<int> order, int columns, ulong* words)
    {
        if (order.IsEmpty)
        {
            ForwardMask.Row(pattern, (int*)scores, columns, words);
            return;
        }

        int wordCount = (columns + WordBits - 1) / WordBits;
        float* ordered = Scratch.Rent(Scratch.Buffer.OrderedRow, columns);
        for (int position = 0; position < order.Length; position++)
        {
            ordered[position] = scores[order[position]];
        }

        ulong* kept = (ulong*)Scratch.Rent(Scratch.Buffer.OrderedWords, 2L * wordCount);
        ForwardMask.Row(pattern, (int*)ordered, columns, kept);
        new Span<ulong>(words, wordCount).Clear();
        for (int word = 0; word < wordCount; word++)
        {
            for (ulong left = kept[word]; left != 0; left &= left - 1)
            {
                int column = order[(word * WordBits) + BitOperations.TrailingZeroCount(left)];
                words[column / WordBits] |= 1ul << column;
            }
        }
    }

    private struct Body : IRangeBody
    {
        public NMPattern Pattern;
        public float* Scores;
        public int[] Order;
        public ulong* Words;
        public int Columns;
        public int WordsPerRow;

        public readonly void Invoke(int index) =>
            Row(Pattern, Scores + ((nint)index * Columns), Order, Columns, Words + ((nint)index * WordsPerRow));
    }
}
