using BiMaskGen.Kernels.Cuda;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Cuda;

public sealed class LaunchPlanTests
{
    private const int MostBlocksInY = 65535;

    public static TheoryData<int, int> Shapes => new() { { 1, 1 }, { 64, 64 }, { 65, 1 }, { 8192, 11008 }, { 200_000, 130 }, { 3, 100_000 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void GridsCoverEveryEntryWithinTheLimitsOfADevice(int rows, int columns)
    {
        foreach (NMPattern pattern in HostKernels.Patterns)
        {
            int tile = LaunchPlan.MaskTile(pattern);
            Assert.True(tile % pattern.M == 0 && tile is > 32 and <= 64);
            (int X, int Y) grid = LaunchPlan.MaskPass(pattern, rows, columns);
            Assert.True((long)grid.X * tile >= columns && (long)grid.Y * tile >= rows);
            Assert.True(((long)grid.X - 1) * tile < columns && ((long)grid.Y - 1) * tile < rows);
            Assert.InRange(grid.Y, 1, MostBlocksInY);
            Assert.InRange(LaunchPlan.Decay(pattern, rows, columns).Y, 1, MostBlocksInY);
        }

        foreach (int m in (int[])[33, 64, 255, 256])
        {
            (int X, int Y) grid = LaunchPlan.WidePass(m, rows, columns);
            Assert.True((long)grid.X * (256 / m * m) >= columns);
            Assert.InRange(grid.Y, 1, MostBlocksInY);
        }

        (int X, int Y) blocks = LaunchPlan.Transposable(rows, columns);
        Assert.True((long)blocks.X * 1024 >= columns);
        Assert.InRange(blocks.Y, 1, MostBlocksInY);
        Assert.InRange(LaunchPlan.MaskBits(rows, (columns + 63) / 64).Y, 1, MostBlocksInY);
        Assert.InRange(LaunchPlan.Strips(CudaType.BF16, rows, columns).Y, 1, MostBlocksInY);
    }

    [Theory]
    [InlineData(512, 227 << 10, 4)]
    [InlineData(11008, 227 << 10, 4)]
    [InlineData(16384, 227 << 10, 3)]
    [InlineData(60_000, 227 << 10, 1)]
    [InlineData(116_000, 227 << 10, 1)]
    public void AsManyRowsAreStagedAsLeaveSharedMemoryForOtherBlocks(int columns, int sharedMemory, int expectedRows)
    {
        (int rows, int bytes) = LaunchPlan.Gradient(CudaType.BF16, columns, sharedMemory);
        Assert.Equal(expectedRows, rows);
        Assert.Equal(rows * columns * 2, bytes);
        Assert.True(bytes <= sharedMemory);
    }

    [Fact]
    public void ARowThatIsTooLongIsNotStaged() => Assert.Equal((1, 0), LaunchPlan.Gradient(CudaType.BF16, 120_000, 227 << 10));

    [Theory]
    [InlineData(8, 4096ul, true)]
    [InlineData(12, 4096ul, false)]
    [InlineData(8, 4104ul, false)]
    public void RowsAreWholeWhereEachBeginsAtASixteenByteAddress(int columns, ulong pointer, bool expected) =>
        Assert.Equal(expected, LaunchPlan.IsWhole(columns, 256, pointer));
}
