namespace BiMaskGen.Kernels.Cpu;

/// <summary>From the numbers of a tile to the tile compiled for them.</summary>
internal static unsafe class GemmTileChoice
{
    /// <summary>The height of the lowest tile that holds <paramref name="rows"/> rows, at most 12.</summary>
    internal static int Height(int rows) => rows <= 2 ? rows : rows <= 4 ? 4 : rows <= 6 ? 6 : rows <= 8 ? 8 : 12;

    internal static void Run<TLanes, TVec>(
        int height, int width, int k, float* a, float* b, nint strideB, float alpha, float beta, float* c, nint strideC)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
    {
        if (width > TLanes.Count)
        {
            Run<TLanes, TVec, Size2>(height, k, a, b, strideB, alpha, beta, c, strideC);
        }
        else
        {
            Run<TLanes, TVec, Size1>(height, k, a, b, strideB, alpha, beta, c, strideC);
        }
    }

    private static void Run<TLanes, TVec, TVectors>(
        int height, int k, float* a, float* b, nint strideB, float alpha, float beta, float* c, nint strideC)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
        where TVectors : struct, ISize
    {
        switch (height)
        {
            case 1:
                GemmTile.Run<TLanes, TVec, Size1, TVectors>(k, a, b, strideB, alpha, beta, c, strideC);
                break;
            case 2:
                GemmTile.Run<TLanes, TVec, Size2, TVectors>(k, a, b, strideB, alpha, beta, c, strideC);
                break;
            case 4:
                GemmTile.Run<TLanes, TVec, Size4, TVectors>(k, a, b, strideB, alpha, beta, c, strideC);
                break;
            case 6:
                GemmTile.Run<TLanes, TVec, Size6, TVectors>(k, a, b, strideB, alpha, beta, c, strideC);
                break;
            case 8:
                GemmTile.Run<TLanes, TVec, Size8, TVectors>(k, a, b, strideB, alpha, beta, c, strideC);
                break;
            default:
                GemmTile.Run<TLanes, TVec, Size12, TVectors>(k, a, b, strideB, alpha, beta, c, strideC);
                break;
        }
    }
}
