using System.Numerics;

namespace BiMaskGen.Masks;

/// <summary>
/// A binary mask over a weight <c>[out_features, in_features]</c>: one bit per entry, each row starting on a 64-bit word,
/// column c of a row in bit c % 64 of word c / 64. Bits past the last column are zero.
/// </summary>
public sealed class NMMask
{
    private readonly ulong[] _words;

    /// <summary>Makes an empty mask (all zero).</summary>
    /// <param name="rows">out_features.</param>
    /// <param name="columns">in_features.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    public NMMask(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        Rows = rows;
        Columns = columns;
        WordsPerRow = (columns + 63) / 64;
        _words = new ulong[(long)rows * WordsPerRow];
    }

    /// <summary>out_features.</summary>
    public int Rows { get; }

    /// <summary>in_features.</summary>
    public int Columns { get; }

    /// <summary>64-bit words of a row.</summary>
    public int WordsPerRow { get; }

    /// <summary>All words, row after row.</summary>
    public Span<ulong> Words => _words;

    /// <summary>Whether the entry is kept.</summary>
    public bool this[int row, int column] => (Row(row)[column >> 6] >> (column & 63) & 1) != 0;

    /// <summary>The words of one row.</summary>
    /// <param name="row">The row.</param>
    public Span<ulong> Row(int row) => _words.AsSpan(checked(row * WordsPerRow), WordsPerRow);

    /// <summary>Marks the entry as kept.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="column">Its column.</param>
    public void Set(int row, int column) => Row(row)[column >> 6] |= 1ul << (column & 63);

    /// <summary>Writes the mask as 0 and 1, row-major.</summary>
    /// <param name="destination">rows × columns numbers.</param>
    public void CopyTo(Span<float> destination)
    {
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
            {
                destination[(row * Columns) + column] = this[row, column] ? 1 : 0;
            }
        }
    }

    /// <summary>Marks every entry as pruned.</summary>
    public void Clear() => _words.AsSpan().Clear();

    /// <summary>Marks every entry as kept.</summary>
    internal void Fill()
    {
        _words.AsSpan().Fill(ulong.MaxValue);
        if (Columns % 64 != 0)
        {
            for (int row = 0; row < Rows; row++)
            {
                Row(row)[^1] = (1ul << (Columns % 64)) - 1;
            }
        }
    }

    /// <summary>Takes over the entries of a mask of the same shape.</summary>
    /// <exception cref="ArgumentException">It has another shape.</exception>
    internal void CopyFrom(NMMask other)
    {
        ArgumentNullException.ThrowIfNull(other);
        MaskArguments.CheckMask(other, Rows, Columns, nameof(other));
        other.Words.CopyTo(_words);
    }

    /// <summary>Entries in which a mask of the same shape differs.</summary>
    /// <exception cref="ArgumentException">It has another shape.</exception>
    internal long CountDifferent(NMMask other)
    {
        ArgumentNullException.ThrowIfNull(other);
        MaskArguments.CheckMask(other, Rows, Columns, nameof(other));
        long different = 0;
        for (int i = 0; i < _words.Length; i++)
        {
            different += BitOperations.PopCount(_words[i] ^ other._words[i]);
        }

        return different;
    }

    /// <summary>How many entries are kept, Σ mask.</summary>
    public long CountKept()
    {
        long kept = 0;
        foreach (ulong word in _words)
        {
            kept += BitOperations.PopCount(word);
        }

        return kept;
    }
}
