using System.Numerics;
using System.Runtime.InteropServices;
using BiMaskGen.Permutations;

namespace BiMaskGen.Sparsify;

/// <summary>
/// Tabu search over the columns of some groups: always the best swap of two columns there is, even if it loses, and a column that left a
/// group does not return to it for some swaps unless that makes a new best. One swap changes the rests of two groups, so the table of what
/// every group would keep of every column stays exact at the cost of two groups' rows.
/// </summary>
internal sealed unsafe class ChannelTabu
{
    // Swaps that a column stays away: long enough to leave a local optimum, short enough to search around it (docs/channel-permutation.md).
    private const int Tenure = 4;
    private const int TenureSpread = 6;

    // Below every gain, and far enough from the end of the integers to be added to.
    private const int Lowest = int.MinValue / 2;

    private readonly ChannelGroups _groups;
    private readonly int[] _block;
    private readonly int[] _positions;
    private readonly int[] _groupOf;
    private readonly int[] _firstSlot;
    private readonly int[] _held;
    private readonly int[] _best;
    private readonly nint[] _columns;
    private readonly nint[] _rests;
    private readonly int _slots;
    private readonly int _stride;

    // What slot i's group would keep, were its column replaced by that of slot j: at [i, j], and at [j, i] of the second. Diagonal: what it keeps.
    private readonly int[] _kept;
    private readonly int[] _keptByColumn;
    private readonly int[] _diagonal;
    private readonly int[] _away;
    private SplitMix64 _random;

    /// <summary>Prepares a search over some groups of a state.</summary>
    internal ChannelTabu(ChannelGroups groups, ReadOnlySpan<int> block, SplitMix64 random)
    {
        _groups = groups;
        _block = [.. block];
        _random = random;
        _firstSlot = new int[block.Length + 1];
        for (int i = 0; i < block.Length; i++)
        {
            _firstSlot[i + 1] = _firstSlot[i] + groups.Members(block[i]);
        }

        _slots = _firstSlot[^1];
        _stride = (_slots + Vector<int>.Count - 1) / Vector<int>.Count * Vector<int>.Count;
        _positions = new int[_slots];
        _groupOf = new int[_slots];
        _columns = new nint[_slots];
        _rests = new nint[_slots];
        _held = new int[_slots];
        for (int i = 0; i < block.Length; i++)
        {
            for (int slot = _firstSlot[i]; slot < _firstSlot[i + 1]; slot++)
            {
                _positions[slot] = groups.First(block[i]) + slot - _firstSlot[i];
                _groupOf[slot] = i;
                _held[slot] = groups.Order[_positions[slot]];
                _columns[slot] = (nint)groups.Columns[_held[slot]];
                _rests[slot] = (nint)groups.Rest(_positions[slot]);
            }
        }

        _best = [.. _held];
        _kept = new int[_slots * _stride];
        _keptByColumn = new int[_slots * _stride];
        _diagonal = new int[_stride];
        _away = new int[_slots * block.Length];
    }

    /// <summary>Makes some swaps and leaves the best order it met.</summary>
    internal void Improve(int swaps)
    {
        for (int group = 0; group < _block.Length; group++)
        {
            Judge(group);
        }

        // Which column a slot's tabu is about moves with the column: numbers within the block.
        int[] numbers = RowPermutation.Identity(_slots);
        long kept = 0, best = 0;
        for (int swap = 1; swap <= swaps; swap++)
        {
            (int first, int second, int gain) = Choose(numbers, swap, best - kept);
            if (first < 0)
            {
                continue;
            }

            kept += gain;
            _away[(numbers[first] * _block.Length) + _groupOf[first]] = swap + Tenure + _random.NextBelow(TenureSpread);
            _away[(numbers[second] * _block.Length) + _groupOf[second]] = swap + Tenure + _random.NextBelow(TenureSpread);
            Exchange(first, second, numbers);
            if (kept > best)
            {
                best = kept;
                _held.CopyTo(_best, 0);
            }
        }

        Restore();
    }

    private void Exchange(int first, int second, int[] numbers)
    {
        (numbers[first], numbers[second]) = (numbers[second], numbers[first]);
        (_held[first], _held[second]) = (_held[second], _held[first]);
        (_columns[first], _columns[second]) = (_columns[second], _columns[first]);
        for (int slot = 0; slot < _slots; slot++)
        {
            int row = slot * _stride;
            (_kept[row + first], _kept[row + second]) = (_kept[row + second], _kept[row + first]);
        }

        Span<int> firstRow = _keptByColumn.AsSpan(first * _stride, _slots), secondRow = _keptByColumn.AsSpan(second * _stride, _slots);
        for (int slot = 0; slot < _slots; slot++)
        {
            (firstRow[slot], secondRow[slot]) = (secondRow[slot], firstRow[slot]);
        }

        Move(first);
        Move(second);
        Judge(_groupOf[first]);
        Judge(_groupOf[second]);
    }

    private void Move(int slot)
    {
        _groups.Order[_positions[slot]] = _held[slot];
        _groups.Refresh(_block[_groupOf[slot]]);
    }

    /// <summary>Computes the rows of a group.</summary>
    private void Judge(int group)
    {
        int first = _firstSlot[group], count = _firstSlot[group + 1] - first;
        fixed (int* kept = &_kept[first * _stride])
        {
            ExchangeKernel.Run(_rests.AsSpan(first, count), _columns, _groups.Columns.Length, kept, _stride);
        }

        for (int slot = first; slot < first + count; slot++)
        {
            for (int other = 0; other < _slots; other++)
            {
                _keptByColumn[(other * _stride) + slot] = _kept[(slot * _stride) + other];
            }

            _diagonal[slot] = _kept[(slot * _stride) + slot];
        }
    }

    /// <summary>The best swap that is not tabu, or that makes a new best; ties go to the lowest slots.</summary>
    private (int First, int Second, int Gain) Choose(int[] numbers, int swap, long toBest)
    {
        int first = -1, second = -1, best = Lowest;
        for (int slot = 0; slot < _firstSlot[^2]; slot++)
        {
            int from = _firstSlot[_groupOf[slot] + 1];
            if (!MayExceed(best, slot, from))
            {
                continue;
            }

            ReadOnlySpan<int> row = _kept.AsSpan(slot * _stride, _slots), byColumn = _keptByColumn.AsSpan(slot * _stride, _slots);
            for (int other = from; other < _slots; other++)
            {
                int gain = row[other] + byColumn[other] - _diagonal[other] - _diagonal[slot];
                if (gain > best && (gain > toBest || !IsTabu(slot, other, numbers, swap)))
                {
                    (first, second, best) = (slot, other, gain);
                }
            }
        }

        return (first, second, best);
    }

    private bool IsTabu(int slot, int other, int[] numbers, int swap) =>
        _away[(numbers[slot] * _block.Length) + _groupOf[other]] > swap || _away[(numbers[other] * _block.Length) + _groupOf[slot]] > swap;

    /// <summary>Whether a slot may gain more with any from some slot on; a register that also covers earlier slots or padding may say so in vain.</summary>
    private bool MayExceed(int best, int slot, int from)
    {
        int start = from / Vector<int>.Count;
        ReadOnlySpan<Vector<int>> row = MemoryMarshal.Cast<int, Vector<int>>(_kept.AsSpan(slot * _stride, _stride))[start..];
        ReadOnlySpan<Vector<int>> byColumn = MemoryMarshal.Cast<int, Vector<int>>(_keptByColumn.AsSpan(slot * _stride, _stride))[start..];
        ReadOnlySpan<Vector<int>> diagonal = MemoryMarshal.Cast<int, Vector<int>>(_diagonal.AsSpan())[start..];
        Vector<int> highest = new(int.MinValue);
        for (int i = 0; i < row.Length && i < byColumn.Length && i < diagonal.Length; i++)
        {
            highest = Vector.Max(highest, row[i] + byColumn[i] - diagonal[i]);
        }

        return Vector.GreaterThanAny(highest, new Vector<int>(best + _diagonal[slot]));
    }

    private void Restore()
    {
        for (int slot = 0; slot < _slots; slot++)
        {
            _groups.Order[_positions[slot]] = _best[slot];
        }

        foreach (int group in _block)
        {
            _groups.Refresh(group);
        }
    }
}
