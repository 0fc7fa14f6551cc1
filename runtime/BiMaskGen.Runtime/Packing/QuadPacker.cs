using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Masks;

namespace BiMaskGen.Packing;

/// <summary>Fills a <see cref="QuadStream"/> from a weight and its mask, chunk by chunk over the threads.</summary>
internal static unsafe class QuadPacker
{
    private const int Words = 2;

    /// <summary>Packs W ⊙ mask: rows of the stream are rows of W.</summary>
    internal static void Rows(float* weight, NMMask mask, QuadStream stream, bool parallel)
    {
        fixed (ulong* words = mask.Words)
        {
            CpuPool.For(stream.Chunks, new RowsBody { Weight = weight, Words = words, WordsPerRow = mask.WordsPerRow, Stream = stream }, parallel);
        }
    }

    /// <summary>Packs (W ⊙ mask)ᵀ: rows of the stream are columns of W.</summary>
    internal static void Columns(float* weight, NMMask mask, QuadStream stream, bool parallel)
    {
        fixed (ulong* words = mask.Words)
        {
            Columns(new MaskedTiles { Weight = weight, Words = words, WordsPerRow = mask.WordsPerRow, Columns = stream.Rows }, stream, parallel);
        }
    }

    /// <summary>Packs the transpose of a matrix: rows of the stream are its columns.</summary>
    internal static void Columns<TSource>(in TSource source, QuadStream stream, bool parallel)
        where TSource : struct, ITileSource
    {
        ColumnsCall<TSource> call = new() { Source = source, Stream = stream, Parallel = parallel };
        VectorWidth.Dispatch(ref call);
    }

    /// <summary>Appends the tiles of one block to a chunk.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="block">The block.</param>
    /// <param name="rows">The block's entries of the chunk's first row.</param>
    /// <param name="stride">Entries from one row to the next.</param>
    /// <param name="kept">Two words for each row of the chunk's tiles; zero for rows past the last.</param>
    /// <param name="weights">Advanced.</param>
    /// <param name="positions">Advanced.</param>
    private static void Append(
        QuadStream stream, int chunk, int block, float* rows, nint stride, ulong* kept, ref float* weights, ref byte* positions)
    {
        byte* scratch = stackalloc byte[QuadTile.ScratchBytes];
        QuadTile tile = new(scratch, stream.Caps, weights, positions);
        int tiles = stream.TilesOf(chunk);
        long total = weights - stream.WeightsOf(chunk);
        for (int i = 0; i < tiles * QuadStream.TileRows * Words; i++)
        {
            total += BitOperations.PopCount(kept[i]);
        }

        if (total + (tiles * QuadStream.TileRows * stream.Caps.Padding) > stream.ChunkCapacity)
        {
            int row = stream.FirstTile(chunk) * QuadStream.TileRows;
            throw new ArgumentException(
                $"The mask keeps more than its pattern allows in rows {row} to {row + (tiles * QuadStream.TileRows) - 1} of the packed matrix.");
        }

        byte* counts = stream.CountsOf(chunk) + ((nint)block * tiles * QuadStream.CountBytes);
        for (int t = 0; t < tiles; t++)
        {
            float* row = rows + (t * QuadStream.TileRows * stride);
            ulong* bits = kept + (t * QuadStream.TileRows * Words);
            tile.Append(row, stride, bits, counts + (t * QuadStream.CountBytes));
        }

        weights = tile.Weights;
        positions = tile.Positions;
    }

    private struct RowsBody : IRangeBody
    {
        public float* Weight;
        public ulong* Words;
        public int WordsPerRow;
        public QuadStream Stream;

        [SkipLocalsInit]
        public readonly void Invoke(int chunk)
        {
            int firstRow = Stream.FirstTile(chunk) * QuadStream.TileRows;
            int rows = Stream.TilesOf(chunk) * QuadStream.TileRows;
            ulong* kept = stackalloc ulong[rows * QuadPacker.Words];
            float* weights = Stream.WeightsOf(chunk);
            byte* positions = Stream.PositionsOf(chunk);
            for (int block = 0; block < Stream.Blocks; block++)
            {
                int column = block * QuadStream.Block;
                int columns = Math.Min(QuadStream.Block, Stream.Columns - column);
                for (int r = 0; r < rows; r++)
                {
                    bool exists = firstRow + r < Stream.Rows;
                    ulong* row = Words + ((nint)(firstRow + r) * WordsPerRow);
                    kept[2 * r] = exists ? MaskBits.Read(row, column, Math.Min(64, columns)) : 0;
                    kept[(2 * r) + 1] = exists ? MaskBits.Read(row, column + 64, columns - 64) : 0;
                }

                float* entries = Weight + ((nint)firstRow * Stream.Columns) + column;
                Append(Stream, chunk, block, entries, Stream.Columns, kept, ref weights, ref positions);
            }
        }
    }

    private struct ColumnsCall<TSource> : IWidthBody
        where TSource : struct, ITileSource
    {
        public TSource Source;
        public QuadStream Stream;
        public bool Parallel;

        public readonly void Run<TLanes, TVec>()
            where TLanes : struct, ILanes<TVec>
            where TVec : unmanaged =>
            CpuPool.For(Stream.Chunks, new ColumnsBody<TSource, TLanes, TVec> { Call = this }, Parallel);
    }

    // A block of the source is read tile by tile and transposed into a stretch of second-level cache; what is kept there shows as not zero.
    private struct ColumnsBody<TSource, TLanes, TVec> : IRangeBody
        where TSource : struct, ITileSource
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
    {
        public ColumnsCall<TSource> Call;

        [SkipLocalsInit]
        public readonly void Invoke(int chunk)
        {
            QuadStream stream = Call.Stream;
            int firstRow = stream.FirstTile(chunk) * QuadStream.TileRows;
            int padded = stream.TilesOf(chunk) * QuadStream.TileRows;
            int rows = Math.Min(padded, stream.Rows - firstRow);
            ulong* kept = stackalloc ulong[padded * QuadPacker.Words];
            float* transposed = Scratch.Rent(Scratch.Buffer.PackedRows, (long)padded * QuadStream.Block);
            float* weights = stream.WeightsOf(chunk);
            byte* positions = stream.PositionsOf(chunk);
            for (int block = 0; block < stream.Blocks; block++)
            {
                int first = block * QuadStream.Block;
                int count = Math.Min(QuadStream.Block, stream.Columns - first);
                new Span<float>(transposed, padded * QuadStream.Block).Clear();
                Stage(firstRow, rows, first, count, transposed);
                for (int r = 0; r < padded; r++)
                {
                    float* row = transposed + (r * QuadStream.Block);
                    kept[2 * r] = NotZero(row);
                    kept[(2 * r) + 1] = NotZero(row + 64);
                }

                Append(stream, chunk, block, transposed, QuadStream.Block, kept, ref weights, ref positions);
            }
        }

        /// <summary>destination[column − firstColumn, row − firstRow] = source[row, column].</summary>
        [SkipLocalsInit]
        private readonly void Stage(int firstColumn, int columns, int firstRow, int rows, float* destination)
        {
            float* tile = stackalloc float[ITileSource.MaxRows * ITileSource.MaxColumns];
            for (int r = 0; r < rows; r += ITileSource.MaxRows)
            {
                int height = Math.Min(ITileSource.MaxRows, rows - r);
                for (int c = 0; c < columns; c += ITileSource.MaxColumns)
                {
                    int width = Math.Min(ITileSource.MaxColumns, columns - c);
                    Call.Source.Read<TLanes, TVec>(firstRow + r, height, firstColumn + c, width, tile, ITileSource.MaxColumns);
                    Transposition.Run(tile, ITileSource.MaxColumns, height, width, destination + (c * QuadStream.Block) + r, QuadStream.Block);
                }
            }
        }

        private static ulong NotZero(float* row)
        {
            ulong bits = 0;
            for (int i = 0; i < 64; i += 16)
            {
                Vector512<float> zero = Vector512.Equals(Vector512.Load(row + i), Vector512<float>.Zero);
                bits |= (~zero.ExtractMostSignificantBits() & 0xffff) << i;
            }

            return bits;
        }
    }
}
