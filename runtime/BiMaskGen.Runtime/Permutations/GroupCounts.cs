using System.Numerics;

namespace BiMaskGen.Permutations;

/// <summary>
/// For each group of rows, how many of them keep each column: counts of 6 bits at most, cut in bit slices, so that a row joins or
/// leaves a group for 64 columns or more at once.
/// </summary>
internal sealed unsafe class GroupCounts : IDisposable
{
    private readonly WordBuffer _slices;
    private readonly int _stride;
    private readonly int _bits;

    /// <summary>Makes empty groups.</summary>
    /// <param name="groups">Groups.</param>
    /// <param name="stride">Words of a row, padded to whole blocks.</param>
    /// <param name="m">Rows of a group, at most.</param>
    public GroupCounts(int groups, int stride, int m)
    {
        _stride = stride;
        _bits = BitOperations.Log2((uint)m) + 1;
        _slices = new WordBuffer((long)groups * _bits * stride);
    }

    /// <summary>Empties a group.</summary>
    public void Clear(int group) => new Span<ulong>(Slice(group, 0), _bits * _stride).Clear();

    /// <summary>Adds a row to a group.</summary>
    public void Add(int group, ulong* row)
    {
        for (int word = 0; word < _stride; word += Vector<ulong>.Count)
        {
            Vector<ulong> carry = Vector.Load(row + word);
            ulong* slice = Slice(group, 0) + word;
            for (int bit = 0; bit < _bits; bit++, slice += _stride)
            {
                Vector<ulong> before = Vector.Load(slice);
                (before ^ carry).Store(slice);
                carry &= before;
            }
        }
    }

    /// <summary>Takes a row out of a group.</summary>
    public void Remove(int group, ulong* row)
    {
        for (int word = 0; word < _stride; word += Vector<ulong>.Count)
        {
            Vector<ulong> borrow = Vector.Load(row + word);
            ulong* slice = Slice(group, 0) + word;
            for (int bit = 0; bit < _bits; bit++, slice += _stride)
            {
                Vector<ulong> before = Vector.Load(slice);
                (before ^ borrow).Store(slice);
                borrow = Vector.AndNot(borrow, before);
            }
        }
    }

    /// <summary>The columns that fewer than <paramref name="count"/> rows of the group keep.</summary>
    public void Below(int group, int count, ulong* target)
    {
        for (int word = 0; word < _stride; word += Vector<ulong>.Count)
        {
            // From the highest bit down, as one compares numbers by hand.
            Vector<ulong> below = Vector<ulong>.Zero;
            Vector<ulong> equal = Vector<ulong>.AllBitsSet;
            for (int bit = _bits - 1; bit >= 0; bit--)
            {
                Vector<ulong> slice = Vector.Load(Slice(group, bit) + word);
                if ((count >> bit & 1) != 0)
                {
                    below |= Vector.AndNot(equal, slice);
                    equal &= slice;
                }
                else
                {
                    equal = Vector.AndNot(equal, slice);
                }
            }

            below.Store(target + word);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _slices.Dispose();

    private ulong* Slice(int group, int bit) => _slices.Words + (((long)group * _bits) + bit) * _stride;
}
