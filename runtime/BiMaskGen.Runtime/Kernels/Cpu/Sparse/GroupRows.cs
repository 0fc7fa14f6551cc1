using BiMaskGen.Packing;

namespace BiMaskGen.Kernels.Cpu;

// The compact form is all that a layer without its dense weight keeps, so every machine has to multiply with it: also those whose
// registers cannot pick a group's inputs by index (SparseWindows), and every pattern. Indices are unpacked in scalar registers, once for
// up to four registers of the batch; simple rather than fast.

/// <summary>The compact layout, a tile of 32 rows at a time.</summary>
/// <typeparam name="TPattern">The pattern.</typeparam>
/// <param name="groups">The matrix.</param>
/// <param name="order">The column at each position of the contraction; null for their own order.</param>
/// <param name="rows">Rows of the matrix.</param>
/// <param name="columns">The contraction.</param>
internal readonly unsafe struct GroupRows<TPattern>(PackedGroups groups, int* order, int rows, int columns) : IPanelRows
    where TPattern : struct, INMPattern
{
    private static int IndexBits => PackedGroups.IndexBitsOf(TPattern.M);

    /// <inheritdoc/>
    public int Columns => columns;

    /// <inheritdoc/>
    public int Chunks => groups.Tiles;

    /// <inheritdoc/>
    public int FirstRow(int chunk) => chunk * PackedGroups.TileRows;

    /// <inheritdoc/>
    public int RowsOf(int chunk) => Math.Min(PackedGroups.TileRows, rows - FirstRow(chunk));

    /// <inheritdoc/>
    public int OutputsOf(int chunk) => RowsOf(chunk);

    /// <inheritdoc/>
    public void Multiply<TLanes, TVec, TVectors>(int chunk, float* x, float* y)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
        where TVectors : struct, ISize
    {
        float* values = groups.Values + groups.ValueOf(chunk, 0);
        uint* words = groups.Words + groups.WordOf(chunk, 0);
        for (int row = RowsOf(chunk); row > 0; row--)
        {
            Row<TLanes, TVec, TVectors>(values++, words++, x, y);
            y += TVectors.Value * TLanes.Count;
        }
    }

    private void Row<TLanes, TVec, TVectors>(float* value, uint* words, float* x, float* y)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
        where TVectors : struct, ISize
    {
        TVec s0 = TLanes.Create(0), s1 = s0, s2 = s0, s3 = s0;
        uint word = 0;
        int indices = 0;
        for (int group = 0; group < groups.Groups; group++)
        {
            // A group shares its word only with groups that fit it whole.
            indices = indices < TPattern.N ? 0 : indices;
            for (int n = 0; n < TPattern.N; n++)
            {
                if (indices == 0)
                {
                    word = *words;
                    words += PackedGroups.TileRows;
                    indices = PackedGroups.WordBits / IndexBits;
                }

                int position = (group * TPattern.M) + (int)(word & ((1u << IndexBits) - 1));
                word >>= IndexBits;
                indices--;
                float* input = x + ((nint)(order == null ? position : order[position]) * TVectors.Value * TLanes.Count);
                TVec weight = TLanes.Create(*value);
                value += PackedGroups.TileRows;
                SparseQuadBlock.One<TLanes, TVec, TVectors>(0, input, weight, ref s0);
                SparseQuadBlock.One<TLanes, TVec, TVectors>(1, input, weight, ref s1);
                SparseQuadBlock.One<TLanes, TVec, TVectors>(2, input, weight, ref s2);
                SparseQuadBlock.One<TLanes, TVec, TVectors>(3, input, weight, ref s3);
            }
        }

        SparseQuadBlock.Store<TLanes, TVec, TVectors>(0, s0, y);
        SparseQuadBlock.Store<TLanes, TVec, TVectors>(1, s1, y);
        SparseQuadBlock.Store<TLanes, TVec, TVectors>(2, s2, y);
        SparseQuadBlock.Store<TLanes, TVec, TVectors>(3, s3, y);
    }
}
