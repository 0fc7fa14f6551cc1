using System.Runtime.Intrinsics;
using BiMaskGen.Masks;

namespace BiMaskGen.Permutations;

// What a group keeps of a column is the sum of its N largest sizes. Without the row a its N-th largest is a threshold t, and a row b in the place of a
// brings max(0, b − t); a itself brought max(0, a − t). So with t of every position at hand a swap is judged by two sums of differences.

/// <summary>
/// The search for the permutation under which backward keeps most magnitude, not most weights: the best of the greedy fill (or of a permutation that is
/// given) and the identity, improved by swaps. In integers, every bound a count.
/// </summary>
internal sealed unsafe class WeightedSwap : IDisposable
{
    // A size takes eight times the room of a bit.
    private const int BudgetFactor = 8;

    private readonly RowSizes _sizes;
    private readonly NMPattern _pattern;
    private readonly WordBuffer _thresholds;
    private readonly long[] _brought;
    private readonly int[] _permutation;

    private WeightedSwap(RowSizes sizes, NMPattern pattern)
    {
        _sizes = sizes;
        _pattern = pattern;
        _thresholds = new WordBuffer((long)sizes.Rows * sizes.Stride / sizeof(ulong));
        _brought = new long[sizes.Rows];
        _permutation = new int[sizes.Rows];
    }

    /// <summary>Finds a permutation that keeps at least the magnitude that the identity keeps.</summary>
    /// <param name="forward">The forward mask.</param>
    /// <param name="weight">W, row-major.</param>
    /// <param name="pattern">N:M.</param>
    /// <param name="options">Passes, budget and start.</param>
    public static PermutationResult Best(NMMask forward, ReadOnlySpan<float> weight, NMPattern pattern, in PermutationSearchOptions options)
    {
        using var sets = new RowSets(forward);
        using var sizes = new RowSizes(forward, weight);
        using var search = new WeightedSwap(sizes, pattern);
        int[] identity = RowPermutation.Identity(sets.Rows);
        int[] start = options.Start.IsEmpty ? GreedyFill.Fill(sets, pattern, options.Budget) : options.Start.ToArray();
        int[] best = search.Mass(start) > search.Mass(identity) ? start : identity;
        best.CopyTo(search._permutation, 0);
        search.Improve(options.Passes, options.Budget * BudgetFactor);
        return new PermutationResult(search._permutation, sets.CountKept(pattern, search._permutation), sets.CountKept(pattern, identity), sets.Kept);
    }

    /// <summary>The sizes that backward keeps under a permutation.</summary>
    public static long Mass(NMMask forward, ReadOnlySpan<float> weight, NMPattern pattern, int[] permutation)
    {
        using var sizes = new RowSizes(forward, weight);
        using var search = new WeightedSwap(sizes, pattern);
        return search.Mass(permutation);
    }

    /// <inheritdoc/>
    public void Dispose() => _thresholds.Dispose();

    private byte* Threshold(int position) => (byte*)_thresholds.Words + ((long)position * _sizes.Stride);

    private int EndOf(int group) => Math.Min((group + 1) * _pattern.M, _sizes.Rows);

    private void Improve(int passes, long budget)
    {
        for (int group = 0; group * _pattern.M < _sizes.Rows; group++)
        {
            Refresh(group);
        }

        bool found = true;
        for (int pass = 0; pass < passes && found; pass++)
        {
            found = false;
            for (int position = 0; position < _sizes.Rows; position++)
            {
                for (int other = EndOf(position / _pattern.M); other < _sizes.Rows; other++)
                {
                    found |= TrySwap(position, other);
                }

                budget -= 2L * (_sizes.Rows - EndOf(position / _pattern.M)) * _sizes.Stride / sizeof(ulong);
                if (budget <= 0)
                {
                    return;
                }
            }
        }
    }

    private bool TrySwap(int position, int other)
    {
        byte* row = _sizes[_permutation[position]], otherRow = _sizes[_permutation[other]];
        long gain = SizeSums.Above(otherRow, Threshold(position), _sizes.Stride) + SizeSums.Above(row, Threshold(other), _sizes.Stride);
        if (gain <= _brought[position] + _brought[other])
        {
            return false;
        }

        (_permutation[position], _permutation[other]) = (_permutation[other], _permutation[position]);
        Refresh(position / _pattern.M);
        Refresh(other / _pattern.M);
        return true;
    }

    /// <summary>The thresholds of a group's positions, and what their rows bring.</summary>
    private void Refresh(int group)
    {
        int n = _pattern.N, first = group * _pattern.M, end = EndOf(group);
        Vector256<byte>* top = stackalloc Vector256<byte>[NMPattern.MaxM];
        for (int column = 0; column < _sizes.Stride; column += Vector256<byte>.Count)
        {
            Rank(first, end, column, top, n + 1);
            for (int position = first; position < end; position++)
            {
                // Without one of the N largest the next one is the N-th.
                Vector256<byte> size = Vector256.Load(_sizes[_permutation[position]] + column);
                Vector256<byte> isAmong = Vector256.GreaterThanOrEqual(size, top[n - 1]);
                Vector256.ConditionalSelect(isAmong, top[n], top[n - 1]).Store(Threshold(position) + column);
            }
        }

        for (int position = first; position < end; position++)
        {
            _brought[position] = SizeSums.Above(_sizes[_permutation[position]], Threshold(position), _sizes.Stride);
        }
    }

    private long Mass(int[] permutation)
    {
        permutation.CopyTo(_permutation, 0);
        Vector256<byte>* top = stackalloc Vector256<byte>[NMPattern.MaxM];
        byte* zeros = stackalloc byte[Vector256<byte>.Count];
        new Span<byte>(zeros, Vector256<byte>.Count).Clear();
        long mass = 0;
        for (int group = 0; group * _pattern.M < _sizes.Rows; group++)
        {
            for (int column = 0; column < _sizes.Stride; column += Vector256<byte>.Count)
            {
                Rank(group * _pattern.M, EndOf(group), column, top, _pattern.N);
                for (int k = 0; k < _pattern.N; k++)
                {
                    mass += SizeSums.Above((byte*)(top + k), zeros, Vector256<byte>.Count);
                }
            }
        }

        return mass;
    }

    /// <summary>The largest sizes of a group in each of some columns, in falling order; 0 where it has fewer.</summary>
    private void Rank(int first, int end, int column, Vector256<byte>* top, int count)
    {
        new Span<Vector256<byte>>(top, count).Clear();
        for (int position = first; position < end; position++)
        {
            Vector256<byte> size = Vector256.Load(_sizes[_permutation[position]] + column);
            for (int k = 0; k < count; k++)
            {
                Vector256<byte> larger = Vector256.Max(top[k], size);
                size = Vector256.Min(top[k], size);
                top[k] = larger;
            }
        }
    }
}
