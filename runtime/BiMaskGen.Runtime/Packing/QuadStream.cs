using System.Runtime.InteropServices;

namespace BiMaskGen.Packing;

// Memory: per chunk of rows a run of weights and a run of positions, both in the order in which the kernel consumes them: block of the
// contraction, tile of 4 rows, then the lists of the tile. Counts hold the lengths of a tile's lists, one byte each:
//   0       positions that all four rows keep                 1 position,  weights of a, b, c, d
//   1 … 4   kept by three rows, beside one of the fourth      2 positions, weights of a, b, c, d (alone: d, c, b, a)
//   5 … 7   kept by two rows, beside one of the other two     2 positions, weights of a, b, c, d (ab cd, ac bd, ad bc)
//   8       one of each row alone                             4 positions, weights of a, b, c, d
//   9 … 12  what is left over of a, b, c, d                   1 position,  1 weight
// In the first eight a register of input that was loaded once serves up to four rows: loads are what bounds this product.

/// <summary>
/// A sparse matrix A [rows × columns] laid out for products with large batches: rows in fours, their kept entries sorted by which of
/// the rows keep the same column. Any sparsity fits; N:M only bounds the size.
/// </summary>
internal sealed unsafe class QuadStream
{
    /// <summary>Rows of a tile.</summary>
    internal const int TileRows = 4;

    /// <summary>
    /// Columns of a block; a position is a column's place in its block. Its input, 128 × 4 registers of 64 bytes at the most, stays near
    /// first-level cache; every block reads and writes all outputs once. Measured in docs/kernels.md.
    /// </summary>
    internal const int Block = 128;

    /// <summary>Bytes of a tile's list lengths.</summary>
    internal const int CountBytes = 16;

    // 192 rows × 64 columns of a batch × 4 bytes = 48 KiB of output in second-level cache.
    private const int TilesPerChunk = 48;

    private float[] _weights = [];
    private byte[] _positions = [];
    private byte[] _counts = [];

    /// <summary>Makes room for a matrix.</summary>
    /// <param name="rows">Outputs of a product.</param>
    /// <param name="columns">The contraction.</param>
    /// <param name="keptPerRow">The most that a row keeps.</param>
    internal QuadStream(int rows, int columns, int keptPerRow) => Reshape(rows, columns, keptPerRow);

    internal int Rows { get; private set; }

    internal int Columns { get; private set; }

    internal int Blocks { get; private set; }

    internal int Tiles { get; private set; }

    internal int Chunks { get; private set; }

    internal int ChunkCapacity { get; private set; }

    internal QuadCaps Caps { get; private set; }

    internal long Bytes => ((long)_weights.Length * sizeof(float)) + _positions.Length + _counts.Length;

    /// <summary>Makes room for another matrix, in the same memory where it fits; what was there is void.</summary>
    internal void Reshape(int rows, int columns, int keptPerRow)
    {
        Rows = rows;
        Columns = columns;
        Blocks = (columns + Block - 1) / Block;
        Tiles = (rows + TileRows - 1) / TileRows;
        Chunks = (Tiles + TilesPerChunk - 1) / TilesPerChunk;
        Caps = new QuadCaps(Math.Min(1, (double)keptPerRow / columns));
        int perTile = checked(TileRows * (keptPerRow + (Blocks * Caps.Padding)));
        ChunkCapacity = checked(Math.Min(Tiles, TilesPerChunk) * perTile);
        Grow(ref _weights, checked(Chunks * ChunkCapacity));
        Grow(ref _positions, checked(Chunks * (ChunkCapacity + PositionSet.Slack)));
        Grow(ref _counts, checked(Tiles * Blocks * CountBytes));
    }

    internal int FirstTile(int chunk) => chunk * TilesPerChunk;

    internal int TilesOf(int chunk) => Math.Min(TilesPerChunk, Tiles - FirstTile(chunk));

    /// <summary>The weights of a chunk. Valid while the stream is alive.</summary>
    internal float* WeightsOf(int chunk) => Pointer(_weights) + ((nint)chunk * ChunkCapacity);

    /// <summary>The positions of a chunk, with room to overwrite after the last: another thread may be filling the next chunk.</summary>
    internal byte* PositionsOf(int chunk) => Pointer(_positions) + ((nint)chunk * (ChunkCapacity + PositionSet.Slack));

    /// <summary>The list lengths of a chunk: [block][tile][16].</summary>
    internal byte* CountsOf(int chunk) => Pointer(_counts) + ((nint)FirstTile(chunk) * Blocks * CountBytes);

    private static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            array = GC.AllocateUninitializedArray<T>(length, pinned: true);
        }
    }

    private static T* Pointer<T>(T[] pinned)
        where T : unmanaged
    {
        fixed (T* start = &MemoryMarshal.GetArrayDataReference(pinned))
        {
            return start;
        }
    }
}
