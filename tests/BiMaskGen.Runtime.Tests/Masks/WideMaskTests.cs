using BiMaskGen.Masks;
using BiMaskGen.Runtime.Tests.Support;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Masks;

public sealed class WideMaskTests
{
    [Theory]
    [InlineData(4, 32)]
    [InlineData(16, 128)]
    [InlineData(8, 256)]
    [InlineData(128, 256)]
    [InlineData(255, 256)]
    [InlineData(256, 256)]
    [InlineData(1, 33)]
    [InlineData(5, 100)]
    public void IsTheDefinition(int n, int m)
    {
        foreach ((int rows, int columns) in ((int, int)[])[(9, 512), (40, 300), (3, 31), (2, 256), (200, 257), (5, 1)])
        {
            foreach (float[] weight in (float[][])[TestWeights.Gaussian(rows * columns, 1), TestWeights.Ties(rows * columns, 2), new float[rows * columns]])
            {
                var mask = new NMMask(rows, columns);
                mask.Fill();
                Assert.True(WideMask.Run(n, m, weight, mask));
                Assert.Equal(-1, MaskReference.FirstDifference(MaskReference.Forward(n, m, weight, rows, columns), mask));
            }
        }
    }

    [Fact]
    public void IsTheForwardMask_WhereBothCan()
    {
        float[] weight = TestWeights.Ties(50 * 70, 3);
        NMMask wide = new(50, 70), narrow = new(50, 70);
        Assert.True(WideMask.Run(3, 7, weight, wide));
        ForwardMask.Compute(new(3, 7), weight, 50, 70, narrow);
        Assert.Equal(narrow.Words, wide.Words);
    }

    [Fact]
    public void AWeightThatIsNoNumberIsSeen()
    {
        float[] weight = TestWeights.Gaussian(20 * 64, 1);
        weight[^1] = float.PositiveInfinity;
        Assert.False(WideMask.Run(8, 64, weight, new NMMask(20, 64)));
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(9, 8)]
    [InlineData(8, 257)]
    public void PatternsOutOfRangeAreRefused(int n, int m) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => WideMask.Run(n, m, new float[8], new NMMask(1, 8)));
}
