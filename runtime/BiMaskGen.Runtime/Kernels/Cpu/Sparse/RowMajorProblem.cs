namespace BiMaskGen.Kernels.Cpu;

/// <summary>C = A X on a sparse A, X and C row-major: the columns of X are the batch, so nothing has to be transposed.</summary>
internal unsafe struct RowMajorProblem : IPanels
{
    public float* X;
    public nint StrideX;
    public float* C;
    public nint StrideC;

    public int Batch { get; init; }

    public bool IsParallel { get; init; }

    /// <inheritdoc/>
    public readonly void Read(int firstBatch, int batch, int column, int columns, float* panel, nint width) =>
        RowCopy.Run(X + (column * StrideX) + firstBatch, StrideX, columns, batch, panel, width);

    /// <inheritdoc/>
    public readonly void Write<TLanes, TVec>(int firstBatch, int batch, int row, int rows, float* outputs, nint width)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged =>
        RowCopy.Run(outputs, width, rows, batch, C + (row * StrideC) + firstBatch, StrideC);
}
