using System.Numerics;
using BiMaskGen.Masks;

namespace BiMaskGen.Permutations;

/// <summary>The rows of a forward mask as bit sets over the columns, each from a cache line on, padded with zeros to whole lines.</summary>
internal sealed unsafe class RowSets : IDisposable
{
    /// <summary>Words of a cache line.</summary>
    internal const int LineWords = 8;

    private readonly WordBuffer _words;

    /// <summary>Copies a mask.</summary>
    public RowSets(NMMask mask)
    {
        Rows = mask.Rows;
        Words = mask.WordsPerRow;
        Stride = (Words + LineWords - 1) / LineWords * LineWords;
        Kept = mask.CountKept();
        _words = new WordBuffer((long)Rows * Stride);
        for (int row = 0; row < Rows; row++)
        {
            mask.Row(row).CopyTo(new Span<ulong>(this[row], Words));
        }
    }

    /// <summary>out_features.</summary>
    public int Rows { get; }

    /// <summary>Words of a row that can be other than zero.</summary>
    public int Words { get; }

    /// <summary>Words from one row to the next.</summary>
    public int Stride { get; }

    /// <summary>Σ Mf.</summary>
    public long Kept { get; }

    /// <summary>The set of a row.</summary>
    public ulong* this[int row] => _words.Words + ((long)row * Stride);

    /// <summary>Members of the set of a row.</summary>
    public int Size(int row)
    {
        int size = 0;
        foreach (ulong word in new ReadOnlySpan<ulong>(this[row], Words))
        {
            size += BitOperations.PopCount(word);
        }

        return size;
    }

    /// <summary>Σ over groups and columns of min(N, ones of the column in the group).</summary>
    public long CountKept(NMPattern pattern, ReadOnlySpan<int> permutation)
    {
        long kept = 0;
        for (int first = 0; first < Rows; first += pattern.M)
        {
            kept += CountGroup(pattern.N, permutation.Slice(first, Math.Min(pattern.M, Rows - first)));
        }

        return kept;
    }

    /// <inheritdoc/>
    public void Dispose() => _words.Dispose();

    // reached[k] marks the columns with more than k ones so far; a one moves up where it finds its level reached.
    private long CountGroup(int n, ReadOnlySpan<int> members)
    {
        Vector<ulong>* reached = stackalloc Vector<ulong>[n];
        long kept = 0;
        for (int word = 0; word < Words; word += Vector<ulong>.Count)
        {
            new Span<Vector<ulong>>(reached, n).Clear();
            foreach (int row in members)
            {
                Vector<ulong> ones = Vector.Load(this[row] + word);
                for (int k = 0; k < n; k++)
                {
                    Vector<ulong> before = reached[k];
                    reached[k] = before | ones;
                    ones &= before;
                }
            }

            ulong* counted = (ulong*)reached;
            for (int i = 0; i < n * Vector<ulong>.Count; i++)
            {
                kept += BitOperations.PopCount(counted[i]);
            }
        }

        return kept;
    }
}
