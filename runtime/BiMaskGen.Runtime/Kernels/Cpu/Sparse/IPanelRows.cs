namespace BiMaskGen.Kernels.Cpu;

/// <summary>A sparse matrix in chunks of rows, as products with vectors over the batch read it.</summary>
internal unsafe interface IPanelRows
{
    /// <summary>The contraction.</summary>
    int Columns { get; }

    int Chunks { get; }

    int FirstRow(int chunk);

    /// <summary>Rows of the chunk that the matrix has.</summary>
    int RowsOf(int chunk);

    /// <summary>Rows that a product of the chunk writes: whole tiles, so it may be a few more.</summary>
    int OutputsOf(int chunk);

    /// <summary>The product of the chunk with one panel.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="x">[column][TVectors registers].</param>
    /// <param name="y">[row][TVectors registers], written.</param>
    void Multiply<TLanes, TVec, TVectors>(int chunk, float* x, float* y)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
        where TVectors : struct, ISize;
}
