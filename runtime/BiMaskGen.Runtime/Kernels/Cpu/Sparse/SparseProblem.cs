using BiMaskGen.Packing;

namespace BiMaskGen.Kernels.Cpu;

/// <summary>A product of a batch with a packed matrix.</summary>
internal unsafe struct SparseProblem : IPanels
{
    public float* X;
    public nint StrideX;
    public PackedMatrix A;
    public float* Y;
    public nint StrideY;
    public Epilogue Epilogue;

    public int Batch { get; init; }

    /// <inheritdoc/>
    public readonly bool IsParallel => SparseProduct.IsParallel((long)Batch * A.Rows * A.Pattern.GroupsIn(A.Columns) * A.Pattern.N);

    /// <inheritdoc/>
    public readonly void Read(int firstBatch, int batch, int column, int columns, float* panel, nint width) =>
        Transposition.Run(X + (firstBatch * StrideX) + column, StrideX, batch, columns, panel, width);

    /// <inheritdoc/>
    public readonly void Write<TLanes, TVec>(int firstBatch, int batch, int row, int rows, float* outputs, nint width)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
    {
        Transposition.Run(outputs, width, rows, batch, Y + (firstBatch * StrideY) + row, StrideY);
        Finish<TLanes, TVec>(firstBatch, batch, row, rows);
    }

    public readonly void Finish<TLanes, TVec>(int firstBatch, int batch, int row, int rows)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged => EpilogueRows.Apply<TLanes, TVec>(Y, StrideY, firstBatch, batch, row, rows, Epilogue);
}
