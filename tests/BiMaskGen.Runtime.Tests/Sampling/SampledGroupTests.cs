using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Permutations;
using BiMaskGen.Runtime.Tests.Kernels;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Sampling;

public sealed class SampledGroupTests
{
    private const int Draws = 1 << 18;

    public static TheoryData<float[]> Groups { get; } =
    [
        [1, 2, 3, 4],
        [-5, 0.5f, 0.25f, -1],
        [1, 1, 1, 1],
        [0, 3, -2, 1],
        [1e-3f, 4, -1e-3f, 2],
        [100, 0.1f, 0.2f, 0.3f],
        [3e-37f, -1e-37f, 2e-38f, 4e-37f],
        [5e37f, 1e37f, -2e37f, 5e36f],
    ];

    [Theory]
    [MemberData(nameof(Groups))]
    public void OverAllDrawsTheMeanIsTheGroup(float[] group)
    {
        double[] exact = Array.ConvertAll(group, v => (double)v), mean = new double[4];
        double total = 0;
        foreach ((int first, int second, double probability) in SampleReference.Draws(exact))
        {
            total += probability;
            mean[first] += probability * exact[first] / SampleReference.Inclusion(exact, first);
            mean[second] += probability * exact[second] / SampleReference.Inclusion(exact, second);
        }

        Assert.Equal(1, total, 1e-12);
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(exact[i], mean[i], 1e-12 * Math.Max(1, Math.Abs(exact[i])));
        }
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public void PairsComeAsOftenAsTheEnumerationSays_AndStandForTheirMean(float[] group)
    {
        double[] exact = Array.ConvertAll(group, v => (double)v);
        var expected = new double[16];
        foreach ((int first, int second, double probability) in SampleReference.Draws(exact))
        {
            expected[(1 << first) | (1 << second)] += probability;
        }

        float[] sampled = Samples.Write<SampledTwoOfFour>(Samples.Repeated(group, Draws), 4, Draws, SplitMix64.For(3, 4, -1));
        var counts = new int[16];
        for (int column = 0; column < Draws; column++)
        {
            int kept = 0;
            for (int i = 0; i < 4; i++)
            {
                float value = sampled[(i * Draws) + column];
                if (value != 0)
                {
                    kept |= 1 << i;
                    double p = SampleReference.Inclusion(exact, i);
                    Assert.Equal(exact[i] / p, value, 1e-6 * Math.Abs(exact[i] / p));
                }
            }

            counts[kept]++;
        }

        for (int set = 0; set < 16; set++)
        {
            double sigma = Math.Sqrt(Draws * expected[set] * (1 - expected[set]));
            Assert.True(
                Math.Abs(counts[set] - (Draws * expected[set])) <= (5 * sigma) + 1e-6,
                $"kept set {set}: {counts[set]} of {Draws}, expected {Draws * expected[set]:F1} ± {sigma:F1}");
        }
    }

    [Fact]
    public void OneOfTwoComesByMagnitude()
    {
        float[] sampled = Samples.Write<SampledOneOfTwo>(Samples.Repeated([-3, 1], Draws), 2, Draws, SplitMix64.For(1, 2, -1));
        int first = 0;
        for (int column = 0; column < Draws; column++)
        {
            bool isFirst = sampled[column] != 0;
            first += isFirst ? 1 : 0;
            Assert.Equal(isFirst ? (-4, 0) : (0, 4), (sampled[column], sampled[Draws + column]));
        }

        Assert.Equal(0.75 * Draws, first, 5 * Math.Sqrt(Draws * 0.75 * 0.25));
    }

    [Fact]
    public void DrawsAreThoseOfTheRecordedNumbers()
    {
        const int columns = 1000;
        float[] g = Data.Random(4 * columns, 8);
        SplitMix64 generator = SplitMix64.For(5, 6, -1);
        float[] sampled = Samples.Write<SampledTwoOfFour>(g, 4, columns, generator);
        int checkedColumns = 0;
        for (int column = 0; column < columns; column++)
        {
            ulong bits = generator.Next();
            double[] left = [.. Enumerable.Range(0, 4).Select(i => (double)Math.Abs(g[(i * columns) + column]))];
            int first = SampleReference.Pick(left, (bits >> 40) / (double)(1 << 24));
            if (first >= 0)
            {
                left[first] = 0;
                int second = SampleReference.Pick(left, ((bits >> 8) & 0xffffff) / (double)(1 << 24));
                if (second >= 0)
                {
                    Assert.Equal(new[] { first, second }.Order(), Enumerable.Range(0, 4).Where(i => sampled[(i * columns) + column] != 0));
                    checkedColumns++;
                }
            }
        }

        Assert.InRange(checkedColumns, columns - 10, columns);
    }

    [Fact]
    public void UpToTwoNonzerosAreKeptBitForBit()
    {
        const int columns = 1 << 12;
        float[] values = Data.Random(2 * columns, 9);
        var g = new float[4 * columns];
        for (int column = 0; column < columns; column++)
        {
            // Places by the column's low bits; a place named twice leaves one entry, and every 16th column none.
            g[(column % 4 * columns) + column] = column % 16 == 5 ? 0 : values[2 * column] * MathF.Pow(10, (column % 61) - 40);
            g[(column / 4 % 4 * columns) + column] = column % 16 == 5 ? 0 : values[(2 * column) + 1];
        }

        Assert.Equal(g, Samples.Write<SampledTwoOfFour>(g, 4, columns, SplitMix64.For(1, 1, -1)));
    }
}
