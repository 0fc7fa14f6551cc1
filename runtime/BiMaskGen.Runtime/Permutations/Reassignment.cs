namespace BiMaskGen.Permutations;

/// <summary>
/// Takes one row out of every group and gives the rows back in the best way there is: a linear assignment problem, since what a row
/// brings to a group does not depend on what the other groups get. Which row leaves its group is drawn anew each round.
/// </summary>
internal sealed unsafe class Reassignment : IDisposable
{
    /// <summary>Groups that exchange rows in one problem: its matrix stays in the cache, its work does not grow with the cube of the rows.</summary>
    internal const int MaxGroups = 512;

    private readonly RowSets _sets;
    private readonly NMPattern _pattern;
    private readonly SwapState _state;
    private readonly Assignment _assignment;
    private readonly LaneSets _rows;
    private readonly WordBuffer _want;
    private readonly int[] _groups;
    private readonly int[] _positions;
    private readonly int[] _leaving;
    private SplitMix64 _random;

    /// <summary>Prepares rounds over a state.</summary>
    public Reassignment(RowSets sets, NMPattern pattern, SwapState state, SplitMix64 random)
    {
        _sets = sets;
        _pattern = pattern;
        _state = state;
        _random = random;
        _groups = RowPermutation.Identity(pattern.GroupsIn(sets.Rows));
        int size = Math.Min(_groups.Length, MaxGroups);
        _assignment = new Assignment(size);
        _rows = new LaneSets(size, sets.Words);
        _want = new WordBuffer(sets.Words);
        _positions = new int[size];
        _leaving = new int[size];
    }

    /// <summary>Makes rounds until so many of them in a row gained nothing, or a bound is reached.</summary>
    public void Improve(int maxRounds, int maxIdleRounds)
    {
        int idle = 0;
        for (int round = 0; round < maxRounds && idle < maxIdleRounds; round++)
        {
            long before = _state.Kept;
            _random.Shuffle(_groups);
            for (int first = 0; first < _groups.Length; first += MaxGroups)
            {
                Reassign(_groups.AsSpan(first, Math.Min(MaxGroups, _groups.Length - first)));
            }

            idle = _state.Kept > before ? 0 : idle + 1;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows.Dispose();
        _want.Dispose();
    }

    private void Reassign(ReadOnlySpan<int> groups)
    {
        for (int i = 0; i < groups.Length; i++)
        {
            int first = groups[i] * _pattern.M;
            _positions[i] = first + _random.NextBelow(Math.Min(_pattern.M, _sets.Rows - first));
            _leaving[i] = _state.Permutation[_positions[i]];
            _rows.Write(i, 0, _sets[_leaving[i]], _sets.Words);
        }

        Judge(groups.Length);
        _assignment.Solve(groups.Length);
        for (int i = 0; i < groups.Length; i++)
        {
            int given = _assignment.ColumnOf[i];
            if (given != i)
            {
                _state.Replace(_positions[i], _leaving[given], Gain(i, given) - Gain(i, i));
            }
        }
    }

    private void Judge(int size)
    {
        for (int i = 0; i < size; i++)
        {
            _state.ReadWant(_positions[i], _want.Words);
            fixed (int* gains = &_assignment.Gains[i * _assignment.Stride])
            {
                LaneCounts.Count(_want.Words, _rows.Block(0), _sets.Words, _rows.BlockStride, LaneSets.BlocksIn(size), gains);
            }
        }
    }

    private int Gain(int group, int row) => _assignment.Gains[(group * _assignment.Stride) + row];
}
