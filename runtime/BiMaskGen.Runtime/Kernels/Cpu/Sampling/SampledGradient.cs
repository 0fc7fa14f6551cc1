using System.Runtime.CompilerServices;
using BiMaskGen.Packing;
using BiMaskGen.Permutations;

namespace BiMaskGen.Kernels.Cpu;

// A group is Size rows of the batch in one column. What it draws depends on the generator, its place and its entries alone: not on
// threads, on how the matrix is cut, or on the register width. A rest of at most Kept rows is kept whole; a longer one is a group
// with zeros behind it.

/// <summary>A matrix [rows × columns], row-major, of which every column is sampled along the rows: unbiased, at most N of M.</summary>
/// <typeparam name="TGroup">The sample of one group.</typeparam>
internal unsafe struct SampledGradient<TGroup> : ITileSource
    where TGroup : struct, ISampledGroup
{
    private const int MaxSize = 4;

    public float* Entries;
    public int Rows;
    public int Columns;
    public SplitMix64 Generator;

    /// <summary>The most that a column of so many rows keeps.</summary>
    public static int KeptOf(int rows) => (rows / TGroup.Size * TGroup.Kept) + Math.Min(rows % TGroup.Size, TGroup.Kept);

    /// <inheritdoc/>
    [SkipLocalsInit]
    public readonly void Read<TLanes, TVec>(int row, int rows, int column, int columns, float* destination, nint stride)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
    {
        float* padded = stackalloc float[MaxSize * ITileSource.MaxColumns];
        float* first = stackalloc float[2 * ITileSource.MaxColumns];
        float* second = first + ITileSource.MaxColumns;
        for (int r = 0; r < rows; r += TGroup.Size)
        {
            float* from = Entries + ((nint)(row + r) * Columns) + column;
            float* to = destination + (r * stride);
            int size = Math.Min(TGroup.Size, Rows - row - r);
            if (size <= TGroup.Kept)
            {
                RowCopy.Run(from, Columns, size, columns, to, stride);
                continue;
            }

            ulong group = (ulong)((row + r) / TGroup.Size);
            UniformPairs.Fill(Generator, (group * (ulong)Columns) + (ulong)column, columns, first, second);
            if (size == TGroup.Size)
            {
                Groups<TLanes, TVec>(from, Columns, columns, first, second, to, stride);
                continue;
            }

            new Span<float>(padded + (size * ITileSource.MaxColumns), (MaxSize - size) * ITileSource.MaxColumns).Clear();
            RowCopy.Run(from, Columns, size, columns, padded, ITileSource.MaxColumns);
            Groups<TLanes, TVec>(padded, ITileSource.MaxColumns, columns, first, second, padded, ITileSource.MaxColumns);
            RowCopy.Run(padded, ITileSource.MaxColumns, size, columns, to, stride);
        }
    }

    /// <summary>Samples whole groups; the destination may be the source.</summary>
    private static void Groups<TLanes, TVec>(
        float* source, nint sourceStride, int columns, float* first, float* second, float* destination, nint stride)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
    {
        int c = 0;
        for (; c <= columns - TLanes.Count; c += TLanes.Count)
        {
            Group<TLanes, TVec>(source + c, sourceStride, first + c, second + c, destination + c, stride);
        }

        for (; c < columns; c++)
        {
            Group<Lanes32, float>(source + c, sourceStride, first + c, second + c, destination + c, stride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Group<TLanes, TVec>(
        float* source, nint sourceStride, float* first, float* second, float* destination, nint stride)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
    {
        GroupOf<TVec> group = new(TLanes.Load(source), TLanes.Load(source + sourceStride), default, default);
        if (TGroup.Size > 2)
        {
            group.C = TLanes.Load(source + (2 * sourceStride));
            group.D = TLanes.Load(source + (3 * sourceStride));
        }

        TGroup.Sample<TLanes, TVec>(ref group, TLanes.Load(first), TLanes.Load(second));
        TLanes.Store(group.A, destination);
        TLanes.Store(group.B, destination + stride);
        if (TGroup.Size > 2)
        {
            TLanes.Store(group.C, destination + (2 * stride));
            TLanes.Store(group.D, destination + (3 * stride));
        }
    }
}
