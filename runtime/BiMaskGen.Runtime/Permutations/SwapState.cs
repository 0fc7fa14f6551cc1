namespace BiMaskGen.Permutations;

/// <summary>
/// A permutation under improvement by swaps. For the row a at a position of a group, with h = columns with more than N ones and g =
/// columns with N at least: without a the group loses |a ∖ h|, and another row b in its place brings |b ∩ want|, where
/// want = ¬h ∩ (¬g ∪ a) are the columns that are open once a has left. So a swap is judged by two intersections. Everything lies in
/// permuted order: a pass streams it.
/// </summary>
internal sealed unsafe class SwapState : IDisposable
{
    private readonly RowSets _sets;
    private readonly NMPattern _pattern;
    private readonly GroupCounts _counts;
    private readonly WordBuffer _rows;
    private readonly WordBuffer _want;
    private readonly WordBuffer _scratch;
    private readonly int[] _losses;

    /// <summary>Makes a state without a permutation; call <see cref="Start"/>.</summary>
    public SwapState(RowSets sets, NMPattern pattern)
    {
        _sets = sets;
        _pattern = pattern;
        _counts = new GroupCounts(pattern.GroupsIn(sets.Rows), sets.Stride, pattern.M);
        _rows = new WordBuffer((long)sets.Rows * sets.Stride);
        _want = new WordBuffer((long)sets.Rows * sets.Stride);
        _scratch = new WordBuffer(2L * sets.Stride);
        _losses = new int[sets.Rows];
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
        for (int first = 0; first < _sets.Rows; first += _pattern.M)
        {
            int group = first / _pattern.M;
            _counts.Clear(group);
            for (int position = first; position < EndOf(group); position++)
            {
                Place(position, Permutation[position]);
                _counts.Add(group, Row(position));
            }

            Refresh(group);
        }
    }

    /// <summary>Makes passes of first-improvement swaps until one finds nothing or a bound is reached.</summary>
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

    /// <inheritdoc/>
    public void Dispose()
    {
        _counts.Dispose();
        _rows.Dispose();
        _want.Dispose();
        _scratch.Dispose();
    }

    private void ImprovePosition(int position, int first)
    {
        int words = _sets.Words;
        ulong* row = Row(position);
        ulong* want = Want(position);
        for (int other = first; other < _sets.Rows; other++)
        {
            int gain = PopCounts.AndPair(Row(other), want, row, Want(other), words) - _losses[position] - _losses[other];
            if (gain > 0)
            {
                Swap(position, other);
                Kept += gain;
            }
        }
    }

    private void Swap(int position, int other)
    {
        Exchange(position, other);
        Exchange(other, position);
        (Permutation[position], Permutation[other]) = (Permutation[other], Permutation[position]);
        Place(position, Permutation[position]);
        Place(other, Permutation[other]);
        Refresh(position / _pattern.M);
        Refresh(other / _pattern.M);
    }

    private void Exchange(int leaves, int joins)
    {
        int group = leaves / _pattern.M;
        _counts.Remove(group, Row(leaves));
        _counts.Add(group, Row(joins));
    }

    private void Place(int position, int row) =>
        new ReadOnlySpan<ulong>(_sets[row], _sets.Stride).CopyTo(new Span<ulong>(Row(position), _sets.Stride));

    private void Refresh(int group)
    {
        ulong* open = _scratch.Words;
        ulong* notExceeded = open + _sets.Stride;
        _counts.Below(group, _pattern.N, open);
        _counts.Below(group, _pattern.N + 1, notExceeded);
        for (int position = group * _pattern.M; position < EndOf(group); position++)
        {
            ulong* row = Row(position);
            ulong* want = Want(position);
            for (int i = 0; i < _sets.Words; i++)
            {
                want[i] = notExceeded[i] & (open[i] | row[i]);
            }

            _losses[position] = PopCounts.And(row, notExceeded, _sets.Words);
        }
    }

    private int EndOf(int group) => Math.Min((group + 1) * _pattern.M, _sets.Rows);

    private ulong* Row(int position) => _rows.Words + ((long)position * _sets.Stride);

    private ulong* Want(int position) => _want.Words + ((long)position * _sets.Stride);
}
