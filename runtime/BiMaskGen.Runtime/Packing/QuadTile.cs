using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BiMaskGen.Packing;

/// <summary>
/// Sorts the kept entries of four rows, in one block of the contraction, into the lists of a <see cref="QuadStream"/>. A set of rows is a
/// number with a bit for each: 1 is a, 2 is b, 4 is c, 8 is d.
/// </summary>
internal unsafe ref struct QuadTile
{
    private const int Sets = 16;

    private const int ListLength = 128 + PositionSet.Slack;

    private readonly QuadCaps _caps;
    private readonly PositionSet* _sets;
    private readonly byte* _lists;

    // Where the stream goes on, and the entries of the tile's rows.
    private float* _weights;
    private byte* _positions;
    private float* _a, _b, _c, _d;

    /// <summary>Bytes that the constructor wants.</summary>
    internal static int ScratchBytes => (Sets * sizeof(PositionSet)) + (4 * ListLength);

    internal QuadTile(byte* scratch, in QuadCaps caps, float* weights, byte* positions)
    {
        _caps = caps;
        _sets = (PositionSet*)scratch;
        _lists = scratch + (Sets * sizeof(PositionSet));
        _weights = weights;
        _positions = positions;
    }

    /// <summary>The end of the stream's weights.</summary>
    internal readonly float* Weights => _weights;

    /// <summary>The end of the stream's positions; up to <see cref="PositionSet.Slack"/> bytes after it may have been overwritten.</summary>
    internal readonly byte* Positions => _positions;

    /// <summary>Appends one tile to the stream.</summary>
    /// <param name="row">Row a's entries of the block; the others follow.</param>
    /// <param name="stride">Entries from one row to the next.</param>
    /// <param name="kept">Which entries are kept: two words for each row.</param>
    /// <param name="counts">16 list lengths, written.</param>
    internal void Append(float* row, nint stride, ulong* kept, byte* counts)
    {
        _a = row;
        _b = row + stride;
        _c = row + (2 * stride);
        _d = row + (3 * stride);
        Sort(new(kept[0], kept[1]), new(kept[2], kept[3]), new(kept[4], kept[5]), new(kept[6], kept[7]));
        counts[0] = Four();
        counts[1] = Partners(7, _caps.Three);
        counts[2] = Partners(11, _caps.Three);
        counts[3] = Partners(13, _caps.Three);
        counts[4] = Partners(14, _caps.Three);
        counts[5] = Partners(3, _caps.Two);
        counts[6] = Partners(5, _caps.Two);
        counts[7] = Partners(9, _caps.Two);
        Singles(counts);
        counts[13] = counts[14] = counts[15] = 0;
    }

    /// <summary>Finds for each set of rows the positions that they and no others keep.</summary>
    private readonly void Sort(PositionSet a, PositionSet b, PositionSet c, PositionSet d)
    {
        PositionSet ab = a & b, onlyA = a - b, onlyB = b - a, either = a | b;
        PositionSet cd = c & d, onlyC = c - d, onlyD = d - c, other = c | d;
        _sets[1] = onlyA - other;
        _sets[2] = onlyB - other;
        _sets[3] = ab - other;
        _sets[4] = onlyC - either;
        _sets[5] = onlyA & onlyC;
        _sets[6] = onlyB & onlyC;
        _sets[7] = ab & onlyC;
        _sets[8] = onlyD - either;
        _sets[9] = onlyA & onlyD;
        _sets[10] = onlyB & onlyD;
        _sets[11] = ab & onlyD;
        _sets[12] = cd - either;
        _sets[13] = onlyA & cd;
        _sets[14] = onlyB & cd;
        _sets[15] = ab & cd;
    }

    private byte Four()
    {
        int count = Math.Min(_sets[15].Count, _caps.Four);
        PositionSet taken = _sets[15].First(count);
        Release(15, _sets[15] - taken);
        taken.Write(_positions);
        for (int i = 0; i < count; i++)
        {
            int p = _positions[i];
            Store(_a[p], _b[p], _c[p], _d[p]);
        }

        _positions += count;
        return (byte)count;
    }

    /// <summary>Entries that some rows keep, each beside one that the other rows keep; the others become single entries of their rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte Partners(int rows, int cap)
    {
        int others = 15 - rows;
        int count = Math.Min(cap, Math.Min(_sets[rows].Count, _sets[others].Count));
        PositionSet one = _sets[rows].First(count), other = _sets[others].First(count);
        PositionSet rest = _sets[others] - other;
        Release(rows, _sets[rows] - one);
        if (others is 1 or 2 or 4 or 8)
        {
            _sets[others] = rest;
        }
        else
        {
            Release(others, rest);
        }

        byte* ones = _lists, rests = _lists + ListLength;
        one.Write(ones);
        other.Write(rests);
        for (int i = 0; i < count; i++)
        {
            int p = ones[i], q = rests[i];
            Store(_a[(rows & 1) != 0 ? p : q], _b[(rows & 2) != 0 ? p : q], _c[(rows & 4) != 0 ? p : q], _d[(rows & 8) != 0 ? p : q]);
            _positions[2 * i] = (byte)p;
            _positions[(2 * i) + 1] = (byte)q;
        }

        _positions += 2 * count;
        return (byte)count;
    }

    /// <summary>Makes positions single entries of each of the rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Release(int rows, PositionSet positions)
    {
        for (int row = 1; row < Sets; row *= 2)
        {
            if ((rows & row) != 0)
            {
                _sets[row] |= positions;
            }
        }
    }

    /// <summary>The entries that stand alone: one of each row at a time, then what is left over of the rows.</summary>
    private void Singles(byte* counts)
    {
        int a = _sets[1].Count, b = _sets[2].Count, c = _sets[4].Count, d = _sets[8].Count;
        int most = Math.Max(Math.Max(a, b), Math.Max(c, d)), least = Math.Min(Math.Min(a, b), Math.Min(c, d));

        // Rows that keep a few less get zeros: cheaper than the loops for what is left over, each of which ends in a mispredicted branch.
        int together = most - least <= _caps.Padding ? most : least;
        counts[8] = (byte)together;
        Column(1, 0, a, together, _a);
        Column(2, 1, b, together, _b);
        Column(4, 2, c, together, _c);
        Column(8, 3, d, together, _d);
        _weights += 4 * together;
        _positions += 4 * together;
        counts[9] = Rest(0, a - together, together, _a);
        counts[10] = Rest(1, b - together, together, _b);
        counts[11] = Rest(2, c - together, together, _c);
        counts[12] = Rest(3, d - together, together, _d);
    }

    private readonly void Column(int rows, int lane, int kept, int count, float* row)
    {
        byte* list = _lists + (lane * ListLength);
        _sets[rows].Write(list);
        int length = Math.Min(kept, count);
        float* weights = _weights + lane;
        byte* positions = _positions + lane;
        for (int i = 0; i < length; i++)
        {
            weights[4 * i] = row[list[i]];
            positions[4 * i] = list[i];
        }

        for (int i = length; i < count; i++)
        {
            weights[4 * i] = 0;
            positions[4 * i] = 0;
        }
    }

    private byte Rest(int lane, int count, int first, float* row)
    {
        byte* list = _lists + (lane * ListLength) + first;
        for (int i = 0; i < count; i++)
        {
            *_weights++ = row[list[i]];
            *_positions++ = list[i];
        }

        return (byte)Math.Max(0, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store(float a, float b, float c, float d)
    {
        Vector128.Create(a, b, c, d).Store(_weights);
        _weights += 4;
    }
}
