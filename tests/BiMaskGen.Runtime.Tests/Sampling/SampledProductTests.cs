using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Permutations;
using BiMaskGen.Runtime.Tests.Kernels;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Sampling;

[Collection(KernelSettings.Name)]
public sealed unsafe class SampledProductTests
{
    private static readonly SplitMix64 s_generator = SplitMix64.For(2, 3, -1);

    [Theory]
    [MemberData(nameof(KernelSettings.Widths), MemberType = typeof(KernelSettings))]
    public void EveryShapeAgreesWithTheReference(int bits) => KernelSettings.With(bits, 2, () =>
    {
        foreach (int rows in (int[])[1, 2, 3, 4, 7, 96, 97, 203])
        {
            foreach (int outFeatures in (int[])[1, 3, 5, 64, 199])
            {
                foreach (int inFeatures in (int[])[1, 15, 34, 97, 210])
                {
                    Check<SampledTwoOfFour>(rows, outFeatures, inFeatures);
                }
            }

            Check<SampledOneOfTwo>(rows, 19, 70);
        }
    });

    [Fact]
    public void TheThreadCountDoesNotChangeABit()
    {
        float[] one = [];
        KernelSettings.With(512, 1, () => one = Run<SampledTwoOfFour>(300, 420, 200, dense: false));
        foreach (int threads in (int[])[2, 5])
        {
            KernelSettings.With(512, threads, () => Assert.Equal(one, Run<SampledTwoOfFour>(300, 420, 200, dense: false)));
        }
    }

    [Fact]
    public void AnotherShapeInTheSameMemoryLeavesNothingBehind()
    {
        float[] small = Run<SampledTwoOfFour>(21, 30, 40, dense: false);
        Run<SampledTwoOfFour>(500, 420, 200, dense: false);
        Assert.Equal(small, Run<SampledTwoOfFour>(21, 30, 40, dense: false));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ACallAllocatesNothing(bool dense)
    {
        float[] g = Data.Random(130 * 150, 1), x = Data.Random(130 * 70, 2), dw = new float[150 * 70];
        long allocated = KernelSettings.BytesAllocatedBy(2, () =>
        {
            fixed (float* pg = g, px = x, pw = dw)
            {
                Multiply(new GradientSample<SampledTwoOfFour>(pg, 130, 150, s_generator), px, 70, pw, dense);
            }
        });
        Assert.Equal(0, allocated);
    }

    private static float[] Run<TGroup>(int rows, int outFeatures, int inFeatures, bool dense)
        where TGroup : struct, ISampledGroup
    {
        float[] g = Data.Random(rows * outFeatures, 1), x = Data.Random(rows * inFeatures, 2), dw = new float[outFeatures * inFeatures];
        dw.AsSpan().Fill(float.NaN);
        fixed (float* pg = g, px = x, pw = dw)
        {
            Multiply(new GradientSample<TGroup>(pg, rows, outFeatures, s_generator), px, inFeatures, pw, dense);
        }

        return dw;
    }

    private static void Multiply<TGroup>(in GradientSample<TGroup> sample, float* x, int inFeatures, float* dw, bool dense)
        where TGroup : struct, ISampledGroup
    {
        if (dense)
        {
            sample.MultiplyDense(x, inFeatures, dw);
        }
        else
        {
            sample.Multiply(x, inFeatures, dw);
        }
    }

    private static void Check<TGroup>(int rows, int outFeatures, int inFeatures)
        where TGroup : struct, ISampledGroup
    {
        float[] sampled = Samples.Write<TGroup>(Data.Random(rows * outFeatures, 1), rows, outFeatures, s_generator);
        float[] x = Data.Random(rows * inFeatures, 2);
        float[] sparse = Run<TGroup>(rows, outFeatures, inFeatures, dense: false), dense = Run<TGroup>(rows, outFeatures, inFeatures, dense: true);
        for (int o = 0; o < outFeatures; o++)
        {
            for (int i = 0; i < inFeatures; i++)
            {
                double sum = 0, size = 0;
                for (int b = 0; b < rows; b++)
                {
                    double term = (double)sampled[(b * outFeatures) + o] * x[(b * inFeatures) + i];
                    sum += term;
                    size += Math.Abs(term);
                }

                string what = $"{rows}x{outFeatures}x{inFeatures} [{o}, {i}]";
                Assert.True(Math.Abs(sum - sparse[(o * inFeatures) + i]) <= 1e-6 * size, $"{what}: expected {sum}, sparse {sparse[(o * inFeatures) + i]}");
                Assert.True(Math.Abs(sum - dense[(o * inFeatures) + i]) <= 1e-6 * size, $"{what}: expected {sum}, dense {dense[(o * inFeatures) + i]}");
            }
        }
    }
}
