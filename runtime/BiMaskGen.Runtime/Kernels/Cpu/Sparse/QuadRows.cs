using BiMaskGen.Packing;

namespace BiMaskGen.Kernels.Cpu;

/// <summary>Rows in fours: the layout for large batches. Blocks of the contraction are outermost.</summary>
internal readonly unsafe struct QuadRows(QuadStream stream) : IPanelRows
{
    /// <inheritdoc/>
    public int Columns => stream.Columns;

    /// <inheritdoc/>
    public int Chunks => stream.Chunks;

    /// <inheritdoc/>
    public int FirstRow(int chunk) => stream.FirstTile(chunk) * QuadStream.TileRows;

    /// <inheritdoc/>
    public int RowsOf(int chunk) => Math.Min(OutputsOf(chunk), stream.Rows - FirstRow(chunk));

    /// <inheritdoc/>
    public int OutputsOf(int chunk) => stream.TilesOf(chunk) * QuadStream.TileRows;

    /// <inheritdoc/>
    public void Multiply<TLanes, TVec, TVectors>(int chunk, float* x, float* y)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
        where TVectors : struct, ISize
    {
        int tiles = stream.TilesOf(chunk);
        float* weights = stream.WeightsOf(chunk);
        byte* positions = stream.PositionsOf(chunk);
        byte* counts = stream.CountsOf(chunk);
        for (int block = 0; block < stream.Blocks; block++)
        {
            SparseQuadBlock.Run<TLanes, TVec, TVectors>(tiles, counts, ref weights, ref positions, x, y, block == 0);
            counts += tiles * QuadStream.CountBytes;
            x += (nint)QuadStream.Block * TVectors.Value * TLanes.Count;
        }
    }
}
