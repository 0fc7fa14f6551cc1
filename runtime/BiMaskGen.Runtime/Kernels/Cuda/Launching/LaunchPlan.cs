namespace BiMaskGen.Kernels.Cuda;

/// <summary>How the kernels cut their work: grids, alignment, shared memory. Apart from the launches, so that a host can run the same cuts.</summary>
internal static class LaunchPlan
{
    /// <summary>Counters that the mask pass spreads its count over.</summary>
    public const int Counters = 32;

    /// <summary>Strips of the first of the two launches that sum rows.</summary>
    public const int SumStrips = 64;

    // Rows of the grids that go down rows in strides: enough to fill any GPU, few enough that a thread's columns pay.
    private const int MostStrips = 1024;
    private const int MostRowsPerBlock = 4;

    // A grid is limited to 65 535 blocks in y, a weight is not.
    private const int MostRowsOfGrid = 1 << 14;

    // More shared memory for one block would leave a multiprocessor with too few of them to hide the time of its loads.
    private const int SharedForSeveralRows = 96 << 10;

    /// <summary>Whether the rows of a matrix without gaps all begin at 16-byte addresses, for every element type.</summary>
    /// <param name="columns">Elements of a row.</param>
    /// <param name="pointers">Where the matrices begin.</param>
    public static bool IsWhole(int columns, params ReadOnlySpan<ulong> pointers)
    {
        ulong all = 0;
        foreach (ulong pointer in pointers)
        {
            all |= pointer;
        }

        return columns % 8 == 0 && all % 16 == 0;
    }

    /// <summary>The side of the mask pass's tiles: the largest multiple of M up to 64.</summary>
    public static int MaskTile(NMPattern pattern) => 64 / pattern.M * pattern.M;

    /// <summary>The grid of the mask pass.</summary>
    public static (int X, int Y) MaskPass(NMPattern pattern, int rows, int columns) =>
        (Tiles(columns, MaskTile(pattern)), Tiles(rows, MaskTile(pattern)));

    /// <summary>The grid of the pass over wide groups.</summary>
    public static (int X, int Y) WidePass(int m, int rows, int columns) => (Tiles(columns, KernelModules.KernelThreads / m * m), Math.Min(rows, MostRowsOfGrid));

    /// <summary>The grid of the decay.</summary>
    public static (int X, int Y) Decay(NMPattern pattern, int rows, int columns)
    {
        int chunk = (pattern.M & (pattern.M - 1)) == 0 && pattern.M < 8 ? 8 : pattern.M;
        return (Tiles(columns, chunk * KernelModules.KernelThreads), Math.Min(rows, MostStrips));
    }

    /// <summary>The grid of the mask's bits.</summary>
    public static (int X, int Y) MaskBits(int rows, int wordsPerRow) =>
        (Tiles(wordsPerRow, KernelModules.KernelThreads), Math.Min(rows, MostRowsOfGrid));

    /// <summary>The grid of transposable masks: a block of threads makes four rows of as many words as it has threads for blocks of weights.</summary>
    public static (int X, int Y) Transposable(int rows, int columns) =>
        (Tiles(MaskWords(columns), KernelModules.KernelThreads / 8), Math.Min(Tiles(rows, 4), MostRowsOfGrid));

    /// <summary>The grid of kernels whose threads keep some columns and go down the rows.</summary>
    public static (int X, int Y) Strips(CudaType type, int rows, int columns, int mostStrips = MostStrips) =>
        (Tiles(columns, 16 / type.Bytes() * KernelModules.KernelThreads), Math.Min(rows, mostStrips));

    /// <summary>The rows that a block of the gradient kernel takes, and the shared memory for them; none if a row is too long to be staged.</summary>
    /// <param name="operand">The type of what is staged.</param>
    /// <param name="columns">Elements of a row.</param>
    /// <param name="sharedMemory">What a block can have.</param>
    public static (int RowsPerBlock, int SharedBytes) Gradient(CudaType operand, int columns, int sharedMemory)
    {
        long row = (long)columns * operand.Bytes();
        if (row > sharedMemory)
        {
            return (1, 0);
        }

        int rows = (int)Math.Clamp(SharedForSeveralRows / Math.Max(row, 1), 1, MostRowsPerBlock);
        return (rows, (int)(rows * row));
    }

    /// <summary>32-bit words of a row of a mask, whose rows begin at 64-bit words.</summary>
    public static int MaskWords(int columns) => 2 * Tiles(columns, 64);

    /// <summary>Tiles that cover a length.</summary>
    public static int Tiles(int length, int tile) => (int)(((long)length + tile - 1) / tile);
}
