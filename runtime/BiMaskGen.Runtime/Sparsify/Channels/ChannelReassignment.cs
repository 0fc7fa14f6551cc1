using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Permutations;

namespace BiMaskGen.Sparsify;

/// <summary>
/// Takes one column out of every group and gives the columns back in the best way there is: a linear assignment problem, since what a
/// column brings to a group does not depend on what the other groups get. Which column leaves its group is drawn anew each round.
/// </summary>
internal sealed unsafe class ChannelReassignment
{
    /// <summary>Groups that exchange columns in one problem, whose work grows with the cube of it.</summary>
    internal const int MaxGroups = 512;

    private const int TaskRests = 64;

    private readonly ChannelGroups _groups;
    private readonly int[] _shuffled;
    private readonly int[] _positions;
    private readonly nint[] _rests;
    private readonly nint[] _leaving;
    private readonly int[] _leavingColumns;
    private readonly Assignment[] _problems;
    private readonly int[] _before;
    private SplitMix64 _random;

    /// <summary>Prepares rounds over a state.</summary>
    internal ChannelReassignment(ChannelGroups groups, SplitMix64 random)
    {
        _groups = groups;
        _random = random;
        _shuffled = RowPermutation.Identity(groups.Count);
        _positions = new int[groups.Count];
        _rests = new nint[groups.Count];
        _leaving = new nint[groups.Count];
        _leavingColumns = new int[groups.Count];
        _before = new int[groups.Count];
        _problems = new Assignment[(groups.Count + MaxGroups - 1) / MaxGroups];
        for (int i = 0; i < _problems.Length; i++)
        {
            _problems[i] = new Assignment(Size(i));
        }
    }

    /// <summary>Makes rounds until so many of them in a row gained nothing, or a bound is reached.</summary>
    internal void Improve(int maxRounds, int maxIdleRounds)
    {
        int idle = 0;
        for (int round = 0; round < maxRounds && idle < maxIdleRounds; round++)
        {
            idle = Round() > 0 ? 0 : idle + 1;
        }
    }

    private int Size(int problem) => Math.Min(MaxGroups, _groups.Count - (problem * MaxGroups));

    private long Round()
    {
        _random.Shuffle(_shuffled);
        for (int i = 0; i < _shuffled.Length; i++)
        {
            int group = _shuffled[i];
            _positions[i] = _groups.First(group) + _random.NextBelow(_groups.Members(group));
            _leavingColumns[i] = _groups.Order[_positions[i]];
            _rests[i] = (nint)_groups.Rest(_positions[i]);
            _leaving[i] = (nint)_groups.Columns[_leavingColumns[i]];
        }

        CpuPool.For(_problems.Length * (MaxGroups / TaskRests), new JudgeBody { Owner = this });
        CpuPool.For(_problems.Length, new SolveBody { Owner = this });
        CpuPool.For(_shuffled.Length, new ApplyBody { Owner = this });
        long gain = 0;
        for (int i = 0; i < _shuffled.Length; i++)
        {
            gain += Gain(i, Given(i)) - _before[i];
        }

        return gain;
    }

    private int Gain(int i, int given)
    {
        Assignment problem = _problems[i / MaxGroups];
        return problem.Gains[(i % MaxGroups * problem.Stride) + (given % MaxGroups)];
    }

    /// <summary>Whose column group i was given; the index is of the shuffled groups.</summary>
    private int Given(int i) => (i / MaxGroups * MaxGroups) + _problems[i / MaxGroups].ColumnOf[i % MaxGroups];

    /// <summary>What some groups would keep of every column that leaves.</summary>
    private struct JudgeBody : IRangeBody
    {
        public ChannelReassignment Owner;

        public readonly void Invoke(int index)
        {
            int number = index / (MaxGroups / TaskRests), first = index % (MaxGroups / TaskRests) * TaskRests;
            int size = Owner.Size(number), count = Math.Min(TaskRests, size - first);
            if (count <= 0)
            {
                return;
            }

            Assignment problem = Owner._problems[number];
            int start = number * MaxGroups;
            fixed (int* gains = &problem.Gains[first * problem.Stride])
            {
                ExchangeKernel.Run(
                    Owner._rests.AsSpan(start + first, count),
                    Owner._leaving.AsSpan(start, size),
                    Owner._groups.Columns.Length,
                    gains,
                    problem.Stride);
            }

            for (int i = start + first; i < start + first + count; i++)
            {
                Owner._before[i] = Owner.Gain(i, i);
            }
        }
    }

    private struct SolveBody : IRangeBody
    {
        public ChannelReassignment Owner;

        public readonly void Invoke(int index) => Owner._problems[index].Solve(Owner.Size(index));
    }

    private struct ApplyBody : IRangeBody
    {
        public ChannelReassignment Owner;

        public readonly void Invoke(int index)
        {
            int given = Owner.Given(index);
            if (given != index)
            {
                Owner._groups.Order[Owner._positions[index]] = Owner._leavingColumns[given];
                Owner._groups.Refresh(Owner._shuffled[index]);
            }
        }
    }
}
