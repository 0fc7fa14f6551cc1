using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Packing;

/// <summary>A row-major matrix, mostly zeros, that is read tile by tile.</summary>
internal unsafe interface ITileSource
{
    /// <summary>Rows of a tile, of which every block of a <see cref="QuadStream"/> is a multiple.</summary>
    const int MaxRows = 16;

    /// <summary>Columns of a tile.</summary>
    const int MaxColumns = 64;

    /// <summary>Writes one tile, zeros and all.</summary>
    /// <param name="row">Its first row, a multiple of <see cref="MaxRows"/>.</param>
    /// <param name="rows">Its rows, at most <see cref="MaxRows"/>; fewer only at the end of the matrix.</param>
    /// <param name="column">Its first column.</param>
    /// <param name="columns">Its columns, at most <see cref="MaxColumns"/>.</param>
    /// <param name="destination">Row-major.</param>
    /// <param name="stride">Entries from one row of the destination to the next.</param>
    void Read<TLanes, TVec>(int row, int rows, int column, int columns, float* destination, nint stride)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged;
}
