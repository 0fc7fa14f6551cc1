namespace BiMaskGen.Kernels.Cpu;

/// <summary>From the numbers of a tile to the tile compiled for them.</summary>
/// <typeparam name="TLanes">The register width.</typeparam>
/// <typeparam name="TVec">The register.</typeparam>
internal static unsafe class GemmTileChoice<TLanes, TVec>
    where TLanes : struct, ILanes<TVec>
    where TVec : unmanaged
{
    /// <summary>Rows of the largest tile.</summary>
    internal static int MaxHeight => TLanes.Registers >= 32 ? 8 : 4;

    /// <summary>Columns of the largest tile.</summary>
    internal static int MaxWidth => 3 * TLanes.Count;

    /// <summary>The height of the lowest tile that holds <paramref name="rows"/> rows, at most <see cref="MaxHeight"/>.</summary>
    internal static int Height(int rows) => rows <= 2 ? rows : rows <= 4 ? 4 : rows <= 6 ? 6 : 8;

    /// <summary>The width of the narrowest tile that holds <paramref name="columns"/> columns, at most <see cref="MaxWidth"/>.</summary>
    internal static int Width(int columns) =>
        columns <= TLanes.Count ? TLanes.Count : columns <= 2 * TLanes.Count ? 2 * TLanes.Count : MaxWidth;

    /// <param name="height">A height of a tile.</param>
    /// <param name="width">A width of a tile.</param>
    /// <param name="stepsAdjacent">Whether A is read where it lies along the contraction.</param>
    /// <param name="operands">The tile.</param>
    internal static void Run(int height, int width, bool stepsAdjacent, in GemmTileOperands operands)
    {
        if (stepsAdjacent)
        {
            Run<StepsAdjacent>(height, width, operands);
        }
        else
        {
            Run<RowsAdjacent>(height, width, operands);
        }
    }

    private static void Run<TLayout>(int height, int width, in GemmTileOperands operands)
        where TLayout : struct, IRowLayout
    {
        if (width == MaxWidth)
        {
            Run<Size3, TLayout>(height, operands);
        }
        else if (width == TLanes.Count)
        {
            Run<Size1, TLayout>(height, operands);
        }
        else
        {
            Run<Size2, TLayout>(height, operands);
        }
    }

    private static void Run<TVectors, TLayout>(int height, in GemmTileOperands operands)
        where TVectors : struct, ISize
        where TLayout : struct, IRowLayout
    {
        switch (height)
        {
            case 1:
                GemmTile.Run<TLanes, TVec, Size1, TVectors, TLayout>(operands);
                break;
            case 2:
                GemmTile.Run<TLanes, TVec, Size2, TVectors, TLayout>(operands);
                break;
            case 4:
                GemmTile.Run<TLanes, TVec, Size4, TVectors, TLayout>(operands);
                break;
            case 6:
                GemmTile.Run<TLanes, TVec, Size6, TVectors, TLayout>(operands);
                break;
            default:
                GemmTile.Run<TLanes, TVec, Size8, TVectors, TLayout>(operands);
                break;
        }
    }
}
