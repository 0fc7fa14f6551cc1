using BiMaskGen.Packing;

namespace BiMaskGen.Kernels.Cpu;

/// <summary>A product of a batch with a packed matrix.</summary>
internal unsafe struct SparseProblem
{
    public float* X;
    public int Batch;
    public nint StrideX;
    public PackedMatrix A;
    public float* Y;
    public nint StrideY;
    public Epilogue Epilogue;

    /// <summary>Whether the work is worth a second thread: below, waking one costs as much as it saves.</summary>
    public readonly bool IsParallel => (long)Batch * A.Rows * A.SlotsPerRow >= 1 << 18;

    public readonly void Finish<TLanes, TVec>(int firstBatch, int batch, int row, int rows)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged => EpilogueRows.Apply<TLanes, TVec>(Y, StrideY, firstBatch, batch, row, rows, Epilogue);
}
