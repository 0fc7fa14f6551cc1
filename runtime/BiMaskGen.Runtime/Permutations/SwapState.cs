using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BiMaskGen.Permutations;

/// <summary>
/// A permutation under improvement by swaps. For the row a at a position of a group, with h = columns with more than N ones and g =
/// columns with N at least: without a the group loses |a ∖ h|, and another row b in its place brings |b ∩ want|, where
/// want = ¬h ∩ (¬g ∪ a) are the columns that are open once a has left. So a swap is judged by two intersections: of a's (want, row) with
/// b's (row, want), which lie side by side, in permuted order.
/// </summary>
internal sealed unsafe class SwapState : IDisposable
{
    // So many blocks are judged before the best swap of them is made. Few: the swaps of later ones see it.
    private const int Chunk = 8;

    private readonly RowSets _sets;
    private readonly NMPattern _pattern;
    private readonly GroupCounts _counts;
    private readonly LaneSets _lanes;
    private readonly WordBuffer _query;
    private readonly WordBuffer _open;
    private readonly WordBuffer _notExceeded;
    private readonly int[] _losses;

    /// <summary>Makes a state without a permutation; call <see cref="Start"/>.</summary>
    public SwapState(RowSets sets, NMPattern pattern)
    {
        _sets = sets;
        _pattern = pattern;
        _counts = new GroupCounts(pattern.GroupsIn(sets.Rows), sets.Stride, pattern.M);
        _lanes = new LaneSets(sets.Rows, 2 * sets.Words);
        _query = new WordBuffer(2L * sets.Stride);
        _open = new WordBuffer(sets.Stride);
        _notExceeded = new WordBuffer(sets.Stride);
        _losses = new int[LaneSets.BlocksIn(sets.Rows) * LaneCounts.Lanes];
        Permutation = new int[sets.Rows];
    }

    /// <summary>permutation[r] = original row at position r.</summary>
    public int[] Permutation { get; }

    /// <summary>Σ Mb under the permutation.</summary>
    public long Kept { get; private set; }

    /// <summary>Starts from a permutation.</summary>
    public void Start(ReadOnlySpan<int> permutation)
    {
        permutation.CopyTo(Permutation);
        Kept = _sets.CountKept(_pattern, permutation);
        for (int group = 0; group * _pattern.M < _sets.Rows; group++)
        {
            _counts.Clear(group);
            for (int position = group * _pattern.M; position < EndOf(group); position++)
            {
                _counts.Add(group, _sets[Permutation[position]]);
            }

            Refresh(group);
        }
    }

    /// <summary>Makes passes of swaps until one finds nothing or a bound is reached.</summary>
    /// <param name="passes">Passes, at most.</param>
    /// <param name="budget">Words to compare, at most, to the granularity of one row; what was compared is subtracted.</param>
    public void Improve(int passes, ref long budget)
    {
        for (int pass = 0; pass < passes; pass++)
        {
            long before = Kept;
            for (int position = 0; position < _sets.Rows; position++)
            {
                if (budget <= 0)
                {
                    return;
                }

                int first = EndOf(position / _pattern.M);
                budget -= 2L * (_sets.Rows - first) * _sets.Words;
                ImprovePosition(position, first);
            }

            if (Kept == before)
            {
                return;
            }
        }
    }

    /// <summary>Reads the columns that are open in the group of a position once its row has left.</summary>
    public void ReadWant(int position, ulong* target) => _lanes.Read(position, _sets.Words, target, _sets.Words);

    /// <summary>Puts a row at a position; the caller sees to it that each row ends at one position.</summary>
    /// <param name="position">The position.</param>
    /// <param name="row">The row.</param>
    /// <param name="gain">What the group keeps more.</param>
    public void Replace(int position, int row, int gain)
    {
        int group = position / _pattern.M;
        _counts.Remove(group, _sets[Permutation[position]]);
        _counts.Add(group, _sets[row]);
        Permutation[position] = row;
        Kept += gain;
        Refresh(group);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _counts.Dispose();
        _lanes.Dispose();
        _query.Dispose();
        _open.Dispose();
        _notExceeded.Dispose();
    }

    private void ImprovePosition(int position, int first)
    {
        int end = LaneSets.BlocksIn(_sets.Rows);
        Ask(position);
        for (int block = first / LaneCounts.Lanes; block < end; block += Chunk)
        {
            int blocks = Math.Min(Chunk, end - block);
            while (Best(block, blocks, first, out int other) is int gain && gain > _losses[position])
            {
                Swap(position, other, gain - _losses[position]);
                Ask(position);
            }
        }
    }

    // What the best of some positions brings, less what it loses itself.
    private int Best(int block, int blocks, int first, out int other)
    {
        int* gains = stackalloc int[Chunk * LaneCounts.Lanes];
        int start = block * LaneCounts.Lanes;
        LaneCounts.Count(_query.Words, _lanes.Block(block), 2 * _sets.Words, _lanes.BlockStride, blocks, gains);
        ReadOnlySpan<Vector256<int>> losses = MemoryMarshal.Cast<int, Vector256<int>>(_losses.AsSpan(start));
        for (int i = 0; i < blocks; i++)
        {
            (Vector256.Load(gains + (i * LaneCounts.Lanes)) - losses[i]).Store(gains + (i * LaneCounts.Lanes));
        }

        // Rows of the position's own group and of those before it. Lanes past the last row bring 0, which no loss is below.
        for (int i = 0; i < first - start; i++)
        {
            gains[i] = int.MinValue;
        }

        var found = new ReadOnlySpan<int>(gains, blocks * LaneCounts.Lanes);
        int best = LaneCounts.Largest(found);
        other = start + found.IndexOf(best);
        return best;
    }

    private void Ask(int position)
    {
        _lanes.Read(position, _sets.Words, _query.Words, _sets.Words);
        _lanes.Read(position, 0, _query.Words + _sets.Words, _sets.Words);
    }

    private void Swap(int position, int other, int gain)
    {
        int row = Permutation[position];
        Replace(position, Permutation[other], gain);
        Replace(other, row, 0);
    }

    private void Refresh(int group)
    {
        ulong* open = _open.Words;
        ulong* notExceeded = _notExceeded.Words;
        _counts.Below(group, _pattern.N, open);
        _counts.Below(group, _pattern.N + 1, notExceeded);
        for (int position = group * _pattern.M; position < EndOf(group); position++)
        {
            ulong* row = _sets[Permutation[position]];
            ulong* rowLane = _lanes.Lane(position, 0);
            ulong* wantLane = _lanes.Lane(position, _sets.Words);
            int loss = 0;
            for (int i = 0; i < _sets.Words; i++)
            {
                rowLane[i * LaneCounts.Lanes] = row[i];
                wantLane[i * LaneCounts.Lanes] = notExceeded[i] & (open[i] | row[i]);
                loss += BitOperations.PopCount(row[i] & notExceeded[i]);
            }

            _losses[position] = loss;
        }
    }

    private int EndOf(int group) => Math.Min((group + 1) * _pattern.M, _sets.Rows);
}
