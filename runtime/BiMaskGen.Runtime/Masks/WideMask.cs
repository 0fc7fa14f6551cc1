using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Masks;

/// <summary>
/// top(N, M, along in_features) for groups too wide for <see cref="GroupRanking"/>, which compares every member with every other: here the N-th
/// largest |w| is found bit by bit, each bit by counting the members above it. Such masks are never packed.
/// </summary>
internal static unsafe class WideMask
{
    /// <summary>The largest group.</summary>
    internal const int MaxM = 256;

    private const int KeyBits = 31;
    private const int WeightsPerTask = 1 << 15;

    /// <summary>Makes the mask: ties to the lower index; a remainder of r weights keeps min(n, r).</summary>
    /// <param name="n">Weights kept in a group, 1 ≤ n ≤ m.</param>
    /// <param name="m">Weights in a group, at most <see cref="MaxM"/>.</param>
    /// <param name="weight">W, row-major.</param>
    /// <param name="mask">Overwritten; its shape is that of W.</param>
    /// <returns>Whether all weights are finite; if not, the mask is void.</returns>
    internal static bool Run(int n, int m, ReadOnlySpan<float> weight, NMMask mask)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(m, n);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(m, MaxM);
        MaskArguments.CheckWeight(weight, mask.Rows, mask.Columns);
        bool bad = false;
        fixed (float* w = weight)
        fixed (ulong* words = mask.Words)
        {
            int rowsPerTask = Math.Max(1, WeightsPerTask / Math.Max(1, mask.Columns));
            Body body = new()
            {
                N = n,
                M = m,
                Weight = (int*)w,
                Rows = mask.Rows,
                Columns = mask.Columns,
                Words = words,
                WordsPerRow = mask.WordsPerRow,
                RowsPerTask = rowsPerTask,
                Bad = &bad,
            };
            CpuPool.For((mask.Rows + rowsPerTask - 1) / rowsPerTask, body);
        }

        return !bad;
    }

    private struct Body : IRangeBody
    {
        public int N;
        public int M;
        public int* Weight;
        public int Rows;
        public int Columns;
        public ulong* Words;
        public int WordsPerRow;
        public int RowsPerTask;
        public bool* Bad;

        public readonly void Invoke(int index)
        {
            for (int row = index * RowsPerTask; row < Math.Min(Rows, (index + 1) * RowsPerTask); row++)
            {
                int* weight = Weight + ((nint)row * Columns);
                if (WeightCheck.FirstNonFinite(new ReadOnlySpan<float>(weight, Columns)) >= 0)
                {
                    *Bad = true;
                    return;
                }

                ulong* words = Words + ((nint)row * WordsPerRow);
                new Span<ulong>(words, WordsPerRow).Clear();
                for (int first = 0; first < Columns; first += M)
                {
                    Group(N, weight, first, Math.Min(M, Columns - first), words);
                }
            }
        }
    }

    [SkipLocalsInit]
    private static void Group(int n, int* weight, int first, int members, ulong* words)
    {
        // No count reaches past the members: what pads the last vector is below every threshold.
        int* keys = stackalloc int[MaxM + Vector512<int>.Count];
        for (int i = 0; i < members; i++)
        {
            keys[i] = weight[first + i] & GroupRanking.Magnitude;
        }

        new Span<int>(keys + members, Vector512<int>.Count).Fill(-1);
        int threshold = members <= n ? -1 : Threshold(keys, members, n), equal = n;
        for (int i = 0; i < members; i++)
        {
            equal -= keys[i] > threshold ? 1 : 0;
        }

        for (int i = 0; i < members; i++)
        {
            if (keys[i] > threshold || (keys[i] == threshold && equal-- > 0))
            {
                words[(first + i) >> 6] |= 1ul << ((first + i) & 63);
            }
        }
    }

    /// <summary>The n-th largest key: the largest number that at least n keys reach.</summary>
    private static int Threshold(int* keys, int members, int n)
    {
        int threshold = 0;
        for (int bit = KeyBits - 1; bit >= 0; bit--)
        {
            int raised = threshold | (1 << bit);
            int reached = Vector512.IsHardwareAccelerated ? CountAbove<Simd512, Vector512<int>>(keys, members, raised - 1)
                : Vector256.IsHardwareAccelerated ? CountAbove<Simd256, Vector256<int>>(keys, members, raised - 1)
                : CountAbove<Simd128, Vector128<int>>(keys, members, raised - 1);
            threshold = reached >= n ? raised : threshold;
        }

        return threshold;
    }

    private static int CountAbove<TSimd, TVector>(int* keys, int members, int limit)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector limits = TSimd.Broadcast(limit);
        int count = 0;
        for (int i = 0; i < members; i += TSimd.Lanes)
        {
            count += BitOperations.PopCount(TSimd.Signs(TSimd.Greater(TSimd.Load(keys + i), limits)));
        }

        return count;
    }
}
