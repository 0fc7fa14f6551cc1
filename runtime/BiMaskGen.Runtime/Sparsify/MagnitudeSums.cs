using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Masks;

namespace BiMaskGen.Sparsify;

/// <summary>
/// Σ |w| over a layer and over what a mask keeps of it, in double precision. Always in eight partial sums, whatever registers the machine has:
/// the sums decide between two orders of the channels, which must fall out the same everywhere.
/// </summary>
internal static unsafe class MagnitudeSums
{
    private const int WordBits = 64;
    private const int Lanes = 16;
    private const int WeightsPerTask = 1 << 15;

    /// <summary>Sums over a mask that is there.</summary>
    /// <param name="weight">Row-major, finite.</param>
    /// <param name="mask">Which weights are kept.</param>
    internal static (double All, double Kept) Of(ReadOnlySpan<float> weight, NMMask mask)
    {
        fixed (float* w = weight)
        fixed (ulong* words = mask.Words)
        {
            return Sum(new Body { Weight = w, Rows = mask.Rows, Columns = mask.Columns, Words = words, WordsPerRow = mask.WordsPerRow });
        }
    }

    /// <summary>Sums over the mask that an order of the channels gives.</summary>
    /// <param name="weight">Row-major, finite.</param>
    /// <param name="rows">out_features.</param>
    /// <param name="columns">in_features.</param>
    /// <param name="pattern">N:M along the order.</param>
    /// <param name="order">order[p] = the original column at position p; empty for the columns' own order.</param>
    internal static (double All, double Kept) Of(ReadOnlySpan<float> weight, int rows, int columns, NMPattern pattern, int[] order)
    {
        fixed (float* w = weight)
        {
            return Sum(new Body { Weight = w, Rows = rows, Columns = columns, Pattern = pattern, Order = order });
        }
    }

    private static (double All, double Kept) Sum(Body body)
    {
        body.Sums = new (double, double)[body.Rows];
        body.RowsPerTask = Math.Max(1, WeightsPerTask / Math.Max(1, body.Columns));
        CpuPool.For((body.Rows + body.RowsPerTask - 1) / body.RowsPerTask, body);
        double all = 0, kept = 0;
        foreach ((double rowAll, double rowKept) in body.Sums)
        {
            all += rowAll;
            kept += rowKept;
        }

        return (all, kept);
    }

    [SkipLocalsInit]
    private static (double All, double Kept) Row(float* weight, ulong* words, int columns)
    {
        Vector512<double> all = Vector512<double>.Zero, kept = all;
        Vector512<int> laneBits = Vector512.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
        int column = 0;
        for (; column <= columns - Lanes; column += Lanes)
        {
            Vector512<float> magnitude = Vector512.Abs(Vector512.Load(weight + column));
            Vector512<int> bits = Vector512.Create((int)(words[column / WordBits] >> column)) & laneBits;
            Vector512<float> chosen = Vector512.ConditionalSelect(
                Vector512.Equals(bits, laneBits).AsSingle(), magnitude, Vector512<float>.Zero);
            all += Vector512.WidenLower(magnitude) + Vector512.WidenUpper(magnitude);
            kept += Vector512.WidenLower(chosen) + Vector512.WidenUpper(chosen);
        }

        (double All, double Kept) sums = default;
        for (int i = 0; i < Vector512<double>.Count; i++)
        {
            sums.All += all[i];
            sums.Kept += kept[i];
        }

        for (; column < columns; column++)
        {
            double magnitude = Math.Abs((double)weight[column]);
            sums.All += magnitude;
            sums.Kept += (words[column / WordBits] >> column & 1) != 0 ? magnitude : 0;
        }

        return sums;
    }

    private struct Body : IRangeBody
    {
        public float* Weight;
        public int Rows;
        public int Columns;
        public int RowsPerTask;
        public ulong* Words;
        public int WordsPerRow;
        public NMPattern Pattern;
        public int[]? Order;
        public (double, double)[] Sums;

        public readonly void Invoke(int index)
        {
            int last = Math.Min(Rows, (index + 1) * RowsPerTask);
            if (Order is null)
            {
                for (int row = index * RowsPerTask; row < last; row++)
                {
                    Sums[row] = Row(Weight + ((nint)row * Columns), Words + ((nint)row * WordsPerRow), Columns);
                }

                return;
            }

            fixed (ulong* words = new ulong[(Columns + WordBits - 1) / WordBits])
            {
                for (int row = index * RowsPerTask; row < last; row++)
                {
                    float* weight = Weight + ((nint)row * Columns);
                    OrderedMask.Row(Pattern, weight, Order, Columns, words);
                    Sums[row] = Row(weight, words, Columns);
                }
            }
        }
    }
}
