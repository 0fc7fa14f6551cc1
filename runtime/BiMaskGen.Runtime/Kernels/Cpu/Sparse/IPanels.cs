namespace BiMaskGen.Kernels.Cpu;

/// <summary>The two ends of a product whose vectors run over a batch: how input comes into panels, and how output leaves them.</summary>
internal unsafe interface IPanels
{
    int Batch { get; }

    /// <summary>Whether the work is worth a second thread: below, waking one costs as much as it saves.</summary>
    bool IsParallel { get; }

    /// <summary>Fills part of a panel: [column][batch].</summary>
    void Read(int firstBatch, int batch, int column, int columns, float* panel, nint width);

    /// <summary>Takes outputs: [row][batch].</summary>
    void Write<TLanes, TVec>(int firstBatch, int batch, int row, int rows, float* outputs, nint width)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged;
}
