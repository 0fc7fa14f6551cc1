using BiMaskGen.Runtime.Tests.Kernels;
using BiMaskGen.Runtime.Tests.Support;
using BiMaskGen.Sparsify;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Sparsify;

[Collection(KernelSettings.Name)]
public sealed unsafe class ExchangeKernelTests
{
    [Theory]
    [MemberData(nameof(KernelSettings.Widths), MemberType = typeof(KernelSettings))]
    public void EveryPairOfRestAndColumnIsSummed(int bits) => KernelSettings.With(bits, 1, () =>
    {
        foreach ((int rests, int columns, int length) in new[] { (1, 1, 32), (3, 5, 64), (4, 2, 32), (9, 33, 96), (8, 64, 128), (5, 0, 32) })
        {
            short[] x = Magnitudes(rests * length, 1), y = Magnitudes(columns * length, 2);
            int stride = columns + 3;
            int[] sums = new int[rests * stride];
            fixed (short* a = x, b = y)
            fixed (int* target = sums)
            {
                ExchangeKernel.Run(Addresses(a, rests, length), Addresses(b, columns, length), length, target, stride);
            }

            for (int i = 0; i < rests; i++)
            {
                for (int j = 0; j < stride; j++)
                {
                    int expected = j < columns ? Enumerable.Range(0, length).Sum(r => Math.Max(x[(i * length) + r], y[(j * length) + r])) : 0;
                    Assert.Equal(expected, sums[(i * stride) + j]);
                }
            }
        }
    });

    [Theory]
    [MemberData(nameof(KernelSettings.Widths), MemberType = typeof(KernelSettings))]
    public void ARestIsTheNthLargestOfTheOtherMembers(int bits) => KernelSettings.With(bits, 1, () =>
    {
        const int Rows = 45;
        foreach ((int n, int m, int columns) in new[] { (2, 4, 14), (1, 4, 8), (3, 4, 7), (1, 2, 5), (4, 8, 20), (31, 32, 40), (5, 7, 9) })
        {
            float[] scores = TestWeights.Gaussian(Rows * columns, n + m);
            using var magnitudes = new MagnitudeColumns(scores, Rows, columns);
            using var groups = new ChannelGroups(magnitudes, new(n, m));
            TestWeights.Permutation(columns, 3).CopyTo(groups.Order, 0);
            for (int group = 0; group < groups.Count; group++)
            {
                groups.Refresh(group);
                int first = groups.First(group), members = groups.Members(group);
                for (int i = 0; i < members; i++)
                {
                    for (int row = 0; row < Rows; row++)
                    {
                        IEnumerable<short> others = Enumerable.Range(0, members)
                            .Where(k => k != i).Select(k => groups.Columns[groups.Order[first + k]][row]);
                        Assert.Equal(others.OrderDescending().ElementAtOrDefault(n - 1), groups.Rest(first + i)[row]);
                    }
                }
            }
        }
    });

    [Fact]
    public void MagnitudesKeepTheirOrderAndUseAllBits()
    {
        const int Rows = 37, Columns = 65;
        float[] scores = TestWeights.Gaussian(Rows * Columns, 4);
        using var magnitudes = new MagnitudeColumns(scores, Rows, Columns);
        float step = scores.Max(Math.Abs) / (1 << 14);
        for (int i = 0; i < scores.Length; i++)
        {
            // The scale is a power of two, at most twice the largest score.
            short magnitude = magnitudes[i % Columns][i / Columns];
            Assert.InRange(magnitude, 0, short.MaxValue);
            float unit = Math.Abs(scores[i]) / Math.Max((short)1, magnitude);
            Assert.True(magnitude <= 100 || unit <= step * 1.01f, $"{scores[i]} became {magnitude}");
        }

        int[] byScore = [.. Enumerable.Range(0, scores.Length).OrderBy(i => Math.Abs(scores[i]))];
        short[] ordered = [.. byScore.Select(i => magnitudes[i % Columns][i / Columns])];
        Assert.Equal(ordered.Order(), ordered);
    }

    [Theory]
    [InlineData(1e-37f)]
    [InlineData(1e-30f)]
    [InlineData(3e38f)]
    public void NoScaleLosesTheDifferences(float scale)
    {
        float[] scores = [scale, scale / 2, scale / 4, 0];
        using var magnitudes = new MagnitudeColumns(scores, 1, 4);
        Assert.True(magnitudes[0][0] > magnitudes[1][0] && magnitudes[1][0] > magnitudes[2][0] && magnitudes[3][0] == 0);
    }

    [Fact]
    public void FewHugeScoresDoNotDrownTheOthers()
    {
        const int Rows = 1 << 10, Columns = 1 << 8;
        float[] scores = TestWeights.Gaussian(Rows * Columns, 5);
        scores[0] = scores[77] = 1e20f;
        using var magnitudes = new MagnitudeColumns(scores, Rows, Columns);
        Assert.True(magnitudes[2][0] > 100, "the ordinary scores round to nothing");
        Assert.Equal(short.MaxValue, magnitudes[0][0]);
    }

    [Fact]
    public void SumsOfManyRowsFitAnInteger()
    {
        const int Rows = 300_000, Columns = 4;
        float[] scores = new float[Rows * Columns];
        scores.AsSpan().Fill(1);
        using var magnitudes = new MagnitudeColumns(scores, Rows, Columns);
        long sum = (long)magnitudes[0][0] * magnitudes.Length;
        Assert.InRange(sum, 1L << 27, (1L << 30) - 1);
    }

    private static short[] Magnitudes(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (short)random.Next(short.MaxValue + 1))];
    }

    private static nint[] Addresses(short* first, int count, int length)
    {
        nint[] addresses = new nint[count];
        for (int i = 0; i < count; i++)
        {
            addresses[i] = (nint)(first + (i * length));
        }

        return addresses;
    }
}
