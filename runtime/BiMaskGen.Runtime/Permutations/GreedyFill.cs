using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BiMaskGen.Permutations;

/// <summary>
/// Fills group after group: the first free row opens it, then the free row joins that keeps most columns with fewer than N ones so far;
/// of several, the one that crowds the group least; of several, the lowest.
/// </summary>
internal sealed unsafe class GreedyFill : IDisposable
{
    private readonly RowSets _sets;
    private readonly NMPattern _pattern;
    private readonly int[] _free;
    private readonly int[] _sizes;
    private readonly int[] _gains;
    private readonly LaneSets _lanes;
    private readonly GroupCounts _counts;
    private readonly WordBuffer _query;
    private readonly int _window;
    private int _freeCount;
    private int _loaded;
    private int _taken;

    private GreedyFill(RowSets sets, NMPattern pattern, int window)
    {
        _sets = sets;
        _pattern = pattern;
        _window = window;
        _free = RowPermutation.Identity(sets.Rows);
        _freeCount = sets.Rows;
        int lanes = LaneSets.BlocksIn(window) * LaneCounts.Lanes;
        _sizes = new int[lanes];
        _gains = GC.AllocateUninitializedArray<int>(lanes, pinned: true);
        _lanes = new LaneSets(window, sets.Words);
        _counts = new GroupCounts(1, sets.Stride, pattern.M);
        _query = new WordBuffer(sets.Stride);
    }

    /// <summary>Finds a permutation.</summary>
    /// <param name="sets">The rows.</param>
    /// <param name="pattern">N:M.</param>
    /// <param name="budget">Words to compare; where they do not suffice for all free rows, each choice looks at some of the first.</param>
    public static int[] Fill(RowSets sets, NMPattern pattern, long budget)
    {
        using var fill = new GreedyFill(sets, pattern, Window(sets, budget));
        int[] permutation = new int[sets.Rows];
        for (int position = 0; position < permutation.Length; position++)
        {
            permutation[position] = fill.Next(position % pattern.M);
        }

        return permutation;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lanes.Dispose();
        _counts.Dispose();
        _query.Dispose();
    }

    // The sum over positions of the free rows is rows² / 2.
    private static int Window(RowSets sets, long budget)
    {
        long row = Math.Max(1, (long)sets.Rows * sets.Words);
        return row * sets.Rows / 2 <= budget ? sets.Rows : (int)Math.Max(1, budget / row);
    }

    private int Next(int filled)
    {
        // Rows that were taken stay in their lanes, without a say, until they are a quarter of all.
        if (_taken * 4 >= _loaded)
        {
            Load();
        }

        if (filled == 0)
        {
            _counts.Clear(0);
        }

        int lane = filled == 0 ? _sizes.AsSpan().IndexOfAnyExcept(-1) : Choose(filled);
        int row = _free[lane];
        _counts.Add(0, _sets[row]);
        _sizes[lane] = -1;
        _free[lane] = -1;
        _taken++;
        return row;
    }

    private void Load()
    {
        int kept = 0;
        foreach (int row in _free.AsSpan(0, _freeCount))
        {
            if (row >= 0)
            {
                _free[kept++] = row;
            }
        }

        _freeCount = kept;
        _loaded = Math.Min(kept, _window);
        _taken = 0;
        _sizes.AsSpan().Fill(-1);
        for (int lane = 0; lane < _loaded; lane++)
        {
            _lanes.Write(lane, 0, _sets[_free[lane]], _sets.Words);
            _sizes[lane] = _sets.Size(_free[lane]);
        }
    }

    private int Choose(int filled)
    {
        int n = _pattern.N;
        Span<int> gains = _gains.AsSpan(0, LaneSets.BlocksIn(_loaded) * LaneCounts.Lanes);
        Gain(filled, gains);
        int best = LaneCounts.Largest(gains);
        int roomy = RoomyCount(filled);
        return roomy == n ? gains.IndexOf(best) : Roomiest(gains, best, roomy);
    }

    // While the group has fewer than N rows every column is open.
    private void Gain(int filled, Span<int> gains)
    {
        ReadOnlySpan<int> sizes = _sizes.AsSpan(0, gains.Length);
        if (filled < _pattern.N)
        {
            sizes.CopyTo(gains);
            return;
        }

        _counts.Below(0, _pattern.N, _query.Words);
        Count(0, LaneSets.BlocksIn(_loaded), gains);
        ReadOnlySpan<Vector256<int>> taken = MemoryMarshal.Cast<int, Vector256<int>>(sizes);
        Span<Vector256<int>> masked = MemoryMarshal.Cast<int, Vector256<int>>(gains);
        for (int i = 0; i < masked.Length; i++)
        {
            masked[i] |= Vector256.LessThan(taken[i], Vector256<int>.Zero);
        }
    }

    // A column is crowded if it holds more ones than the average column of the group so far. At N - 1 it is still open.
    private int RoomyCount(int filled) =>
        Math.Max(1, Math.Min(_pattern.N - 1, (filled * _pattern.N / _pattern.M) + 1));

    private int Roomiest(Span<int> gains, int best, int roomy)
    {
        _counts.Below(0, roomy, _query.Words);
        Span<int> rooms = stackalloc int[LaneCounts.Lanes];
        int chosen = 0;
        int room = -1;
        for (int lane = gains.IndexOf(best); lane < gains.Length; lane++)
        {
            int first = lane / LaneCounts.Lanes * LaneCounts.Lanes;
            Span<int> block = gains.Slice(first, LaneCounts.Lanes);
            if (block.Contains(best))
            {
                Count(first / LaneCounts.Lanes, 1, rooms);
                for (int i = 0; i < LaneCounts.Lanes; i++)
                {
                    if (block[i] == best && rooms[i] > room)
                    {
                        (chosen, room) = (first + i, rooms[i]);
                    }
                }
            }

            lane = first + LaneCounts.Lanes - 1;
        }

        return chosen;
    }

    private void Count(int firstBlock, int blocks, Span<int> counts)
    {
        fixed (int* target = counts)
        {
            LaneCounts.Count(_query.Words, _lanes.Block(firstBlock), _sets.Words, _lanes.BlockStride, blocks, target);
        }
    }
}
