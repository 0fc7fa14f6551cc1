using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Packing;
using BiMaskGen.Permutations;
using BiMaskGen.Runtime.Tests.Kernels;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Sampling;

[Collection(KernelSettings.Name)]
public sealed unsafe class SampledGradientTests
{
    private static readonly SplitMix64 s_generator = SplitMix64.For(7, 11, -1);

    [Fact]
    public void WidthsAndThreadsDoNotChangeABit()
    {
        foreach (var (rows, columns) in ((int, int)[])[(1, 5), (4, 1), (7, 131), (34, 64), (130, 301)])
        {
            float[] g = Data.Random(rows * columns, rows);
            float[] fours = Samples.Write<SampledTwoOfFour>(g, rows, columns, s_generator);
            float[] pairs = Samples.Write<SampledOneOfTwo>(g, rows, columns, s_generator);
            foreach (int bits in (int[])[512, 256, 128, 32])
            {
                KernelSettings.With(bits, bits == 512 ? 3 : 1, () =>
                {
                    Assert.Equal(fours, Samples.Write<SampledTwoOfFour>(g, rows, columns, s_generator));
                    Assert.Equal(pairs, Samples.Write<SampledOneOfTwo>(g, rows, columns, s_generator));
                });
            }
        }
    }

    // The number holds on every machine and under every instruction set.
    [Fact]
    public void DrawsAreTheRecordedOnes()
    {
        const int rows = 101, columns = 93;
        float[] g = Data.Random(rows * columns, 4);
        ulong hash = 14695981039346656037;
        foreach (float value in Samples.Write<SampledTwoOfFour>(g, rows, columns, s_generator))
        {
            hash = (hash ^ BitConverter.SingleToUInt32Bits(value)) * 1099511628211;
        }

        Assert.Equal(12175426838567178597ul, hash);
    }

    [Fact]
    public void ARestOfTheBatchIsKeptOrAGroupWithAZero()
    {
        const int columns = 70;
        foreach (int rows in (int[])[1, 2, 3, 5, 6, 7, 15, 18, 19])
        {
            float[] g = Data.Random(rows * columns, rows);
            float[] sampled = Samples.Write<SampledTwoOfFour>(g, rows, columns, s_generator);
            int rest = rows % 4, whole = (rows - rest) * columns;
            var padded = new float[(rows + 3) / 4 * 4 * columns];
            g.CopyTo(padded, 0);
            float[] filled = Samples.Write<SampledTwoOfFour>(padded, padded.Length / columns, columns, s_generator);
            Assert.Equal(filled.AsSpan(0, whole), sampled.AsSpan(0, whole));
            Assert.Equal(rest <= 2 ? g.AsSpan(whole) : filled.AsSpan(whole, rest * columns), sampled.AsSpan(whole));
        }

        float[] odd = Data.Random(5 * columns, 1);
        Assert.Equal(odd.AsSpan(4 * columns), Samples.Write<SampledOneOfTwo>(odd, 5, columns, s_generator).AsSpan(4 * columns));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void WhatIsNotFiniteStaysSo_AndInItsColumn(float bad)
    {
        const int rows = 16, columns = 40;
        for (int row = 0; row < rows; row++)
        {
            float[] g = Data.Random(rows * columns, 2);
            g[(row * columns) + row] = bad;
            AssertOneBadColumn(Samples.Write<SampledTwoOfFour>(g, rows, columns, s_generator), row);
            AssertOneBadColumn(Samples.Write<SampledOneOfTwo>(g, rows, columns, s_generator), row);
        }

        static void AssertOneBadColumn(float[] sampled, int column)
        {
            int[] found = [.. Enumerable.Range(0, sampled.Length).Where(i => !float.IsFinite(sampled[i])).Select(i => i % columns)];
            Assert.Equal([column], found.Distinct());
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(17, 64)]
    [InlineData(131, 200)]
    [InlineData(400, 391)]
    public void ThePackedSampleIsTheWrittenOne(int rows, int columns)
    {
        float[] g = Data.Random(rows * columns, 3);
        Check<SampledTwoOfFour>();
        Check<SampledOneOfTwo>();

        void Check<TGroup>()
            where TGroup : struct, ISampledGroup
        {
            float[] sampled = Samples.Write<TGroup>(g, rows, columns, s_generator);
            var unpacked = new float[columns * rows];
            fixed (float* pg = g)
            {
                PackedReader.Unpack(new GradientSample<TGroup>(pg, rows, columns, s_generator).Pack(), unpacked);
            }

            for (int i = 0; i < sampled.Length; i++)
            {
                Assert.Equal(sampled[i], unpacked[(i % columns * rows) + (i / columns)]);
            }
        }
    }

    [Fact]
    public void PairsOfNumbersAreThoseOfTheGeneratorAndEven()
    {
        const int count = 1000;
        float[] first = new float[count], second = new float[count];
        fixed (float* pf = first, ps = second)
        {
            UniformPairs.Fill(s_generator, 12345, count, pf, ps);
        }

        SplitMix64 generator = s_generator.Skip(12345);
        for (int i = 0; i < count; i++)
        {
            ulong bits = generator.Next();
            Assert.Equal((bits >> 40) / (float)(1 << 24), first[i]);
            Assert.Equal(((bits >> 8) & 0xffffff) / (float)(1 << 24), second[i]);
        }

        Assert.Equal(0.5, first.Average(), 5 / Math.Sqrt(12.0 * count));
        Assert.Equal(0.5, second.Average(), 5 / Math.Sqrt(12.0 * count));
    }
}
