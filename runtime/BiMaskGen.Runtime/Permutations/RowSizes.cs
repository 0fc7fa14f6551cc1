using BiMaskGen.Masks;

namespace BiMaskGen.Permutations;

/// <summary>
/// The rows of a forward mask with the sizes of what it keeps, in eight bits: |w| relative to the largest, 1 at least where kept, 0 where pruned.
/// In integers, so that machine and vector width do not show in a search.
/// </summary>
internal sealed unsafe class RowSizes : IDisposable
{
    private const int LineBytes = 64;
    private const int Largest = byte.MaxValue;

    private readonly WordBuffer _bytes;

    /// <summary>Copies what a mask keeps of a weight.</summary>
    public RowSizes(NMMask mask, ReadOnlySpan<float> weight)
    {
        Rows = mask.Rows;
        Stride = (mask.Columns + LineBytes - 1) / LineBytes * LineBytes;
        _bytes = new WordBuffer((long)Rows * Stride / sizeof(ulong));
        float largest = 0;
        for (int i = 0; i < weight.Length; i++)
        {
            largest = mask[i / mask.Columns, i % mask.Columns] ? MathF.Max(largest, MathF.Abs(weight[i])) : largest;
        }

        for (int row = 0; row < Rows; row++)
        {
            byte* sizes = this[row];
            for (int column = 0; column < mask.Columns; column++)
            {
                double share = largest == 0 ? 0 : MathF.Abs(weight[(row * mask.Columns) + column]) / (double)largest;
                sizes[column] = mask[row, column] ? (byte)Math.Max(1, (int)((share * Largest) + 0.5)) : (byte)0;
            }
        }
    }

    /// <summary>out_features.</summary>
    public int Rows { get; }

    /// <summary>Bytes from one row to the next: in_features, padded with zeros to whole lines.</summary>
    public int Stride { get; }

    /// <summary>The sizes of a row.</summary>
    public byte* this[int row] => (byte*)_bytes.Words + ((long)row * Stride);

    /// <inheritdoc/>
    public void Dispose() => _bytes.Dispose();
}
