using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Runtime.Tests.Support;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Kernels;

[Collection(KernelSettings.Name)]
public sealed class SoftThresholdTests
{
    [Theory]
    [InlineData(1, 4)]
    [InlineData(7, 64)]
    [InlineData(5, 1)]
    [InlineData(5, 2)]
    [InlineData(5, 3)]
    [InlineData(33, 71)]
    [InlineData(300, 90)]
    public void IsTheDefinition(int rows, int columns)
    {
        foreach (int seed in (int[])[1, 2])
        {
            float[] weight = Pinned.Random(rows * columns, seed), result = new float[rows * columns];
            double[] soft = Reference(weight, rows, columns);
            double scale = weight.Zip(soft, (w, s) => w * s).Sum() / soft.Sum(s => s * s);
            Assert.Equal(1, SoftThreshold.Scale(Pinned.View(weight, rows, columns)) / scale, 1e-6);
            SoftThreshold.Write(Pinned.View(weight, rows, columns), 1.5f, result);
            for (int i = 0; i < result.Length; i++)
            {
                Assert.Equal(1.5 * soft[i], result[i], 1e-6);
                Assert.True(soft[i] != 0 || result[i] == 0);
            }
        }
    }

    /// <summary>The third largest is the threshold, also where others are as large.</summary>
    [Fact]
    public void TiesAndSigns()
    {
        float[] weight = Pinned.Random(12, 1);
        ((float[])[-3, 3, 1, -2, 2, -2, 2, 5, 0, 0, 0, -7]).CopyTo(weight, 0);
        float[] result = new float[12];
        SoftThreshold.Write(Pinned.View(weight, 1, 12), 1, result);
        Assert.Equal([-1, 1, 0, 0, 0, 0, 0, 3, 0, 0, 0, -7], result);
    }

    [Fact]
    public void WithoutAThirdThatIsSmaller_ThereIsNoScale()
    {
        float[] weight = Pinned.Random(8, 1);
        ((float[])[1, -1, 1, 0, 2, 2, 2, 2]).CopyTo(weight, 0);
        Assert.Equal(0, SoftThreshold.Scale(Pinned.View(weight, 1, 8)));
    }

    [Fact]
    public void ThreadsDoNotShow()
    {
        float[] weight = Pinned.Random(200 * 333, 1);
        double[] scales = new double[3];
        for (int i = 0; i < 3; i++)
        {
            KernelSettings.With(int.MaxValue, i + 1, () => scales[i] = SoftThreshold.Scale(Pinned.View(weight, 200, 333)));
        }

        Assert.Equal(scales[0], scales[1]);
        Assert.Equal(scales[0], scales[2]);
    }

    private static double[] Reference(float[] weight, int rows, int columns)
    {
        double[] soft = new double[weight.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int start = 0; start < columns; start += 4)
            {
                int[] group = [.. Enumerable.Range((row * columns) + start, Math.Min(4, columns - start))];
                double threshold = group.Length > 2 ? group.Select(i => Math.Abs((double)weight[i])).OrderDescending().ElementAt(2) : 0;
                foreach (int i in group)
                {
                    soft[i] = Math.Max(0, Math.Abs((double)weight[i]) - threshold) * Math.Sign(weight[i]);
                }
            }
        }

        return soft;
    }
}
