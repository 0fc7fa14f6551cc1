using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Masks;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Kernels;

[Collection(KernelSettings.Name)]
public sealed unsafe class ElementwiseTests
{
    private static readonly int[] Lengths = [0, 1, 3, 4, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 130];

    [Theory]
    [MemberData(nameof(KernelSettings.Widths), MemberType = typeof(KernelSettings))]
    public void ReluGradientPassesWhereTheOutputIsPositive(int bits) => KernelSettings.With(bits, 2, () =>
    {
        foreach (int count in Lengths)
        {
            float[] gradient = Data.Random(count, 1), saved = Data.Random(count, 2), result = new float[count];
            for (int i = 0; i < count; i += 3)
            {
                saved[i] = 0;
            }

            Multiply(Activation.Relu, gradient, saved, result);
            for (int i = 0; i < count; i++)
            {
                Assert.Equal(saved[i] > 0 ? gradient[i] : 0, result[i]);
            }
        }
    });

    [Theory]
    [MemberData(nameof(KernelSettings.Widths), MemberType = typeof(KernelSettings))]
    public void GeluGradientIsThatOfTheExactForm(int bits) => KernelSettings.With(bits, 2, () =>
    {
        const int count = 2003;
        float[] gradient = Data.Random(count, 1), saved = new float[count], result = new float[count];
        for (int i = 0; i < count; i++)
        {
            saved[i] = (i - 1001) / 100f;
        }

        Multiply(Activation.Gelu, gradient, saved, result);
        for (int i = 0; i < count; i++)
        {
            double z = saved[i];
            Assert.Equal(gradient[i] * (Data.Phi(z) + (z * Data.Density(z))), result[i], 5e-7);
        }
    });

    /// <summary>Against the slope of the function, by differences in double precision; far out it is 0 and 1, never NaN.</summary>
    [Theory]
    [MemberData(nameof(KernelSettings.Widths), MemberType = typeof(KernelSettings))]
    public void SiluGradientIsTheSlopeOfSilu(int bits) => KernelSettings.With(bits, 2, () =>
    {
        const int count = 2005;
        float[] gradient = Data.Random(count, 1), saved = new float[count], result = new float[count];
        for (int i = 0; i < count; i++)
        {
            saved[i] = (i - 1001) / 60f;
        }

        (saved[^1], saved[^2]) = (2000, -2000);
        Multiply(Activation.Silu, gradient, saved, result);
        for (int i = 0; i < count; i++)
        {
            const double h = 1e-5;
            double slope = (Data.Activate(Activation.Silu, saved[i] + h) - Data.Activate(Activation.Silu, saved[i] - h)) / (2 * h);
            Assert.Equal(gradient[i] * slope, result[i], 2e-6);
        }
    });

    [Fact]
    public void AnActivationThatIsNone_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Multiply((Activation)99, [1], [1], new float[1]));

    [Fact]
    public void WithoutActivationTheGradientIsCopied()
    {
        float[] gradient = Data.Random(40000, 1), result = new float[40000];
        Multiply(Activation.None, gradient, null, result);
        Assert.Equal(gradient, result);
        Assert.Throws<ArgumentOutOfRangeException>(() => Multiply((Activation)9, gradient, null, result));
    }

    [Theory]
    [MemberData(nameof(KernelSettings.Widths), MemberType = typeof(KernelSettings))]
    public void ErfIsGoodToTwoInTenMillion(int bits) => KernelSettings.With(bits, 1, () =>
    {
        float[] x = new float[9001], erf = new float[9001];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (i - 4500) / 1000f;
        }

        fixed (float* px = x, py = erf)
        {
            ErfCall call = new() { X = px, Y = py, Count = x.Length };
            VectorWidth.Dispatch(ref call);
        }

        for (int i = 0; i < x.Length - 16; i += 3)
        {
            double expected = (2 * Data.Phi(x[i] * Math.Sqrt(2))) - 1;
            Assert.True(Math.Abs(expected - erf[i]) <= 2e-7, $"erf({x[i]}) is {expected}, got {erf[i]}");
            Assert.InRange(erf[i], -1, 1);
        }
    });

    [Theory]
    [MemberData(nameof(KernelSettings.Widths), MemberType = typeof(KernelSettings))]
    public void ColumnSumsAgreeWithTheReference(int bits) => KernelSettings.With(bits, 3, () =>
    {
        foreach (int columns in Lengths)
        {
            foreach (int rows in (int[])[0, 1, 31, 32, 33, 1000])
            {
                int stride = columns + 3;
                float[] matrix = Data.Random(rows * stride, 1), sums = new float[columns + 1];
                sums.AsSpan().Fill(float.NaN);
                fixed (float* pm = matrix, ps = sums)
                {
                    ColumnSums.Compute(pm, rows, columns, stride, ps);
                }

                for (int c = 0; c < columns; c++)
                {
                    double expected = 0;
                    for (int r = 0; r < rows; r++)
                    {
                        expected += matrix[(r * stride) + c];
                    }

                    Assert.Equal(expected, sums[c], 1e-4);
                }

                Assert.True(float.IsNaN(sums[columns]));
            }
        }
    });

    [Theory]
    [MemberData(nameof(KernelSettings.Widths), MemberType = typeof(KernelSettings))]
    public void MaskAndDecayAgreeWithTheReference(int bits) => KernelSettings.With(bits, 3, () =>
    {
        var random = new Random(7);
        foreach (int columns in Lengths)
        {
            foreach (int rows in (int[])[1, 5, 300])
            {
                var mask = new NMMask(rows, columns);
                float[] weight = Data.Random(rows * columns, 1), gradient = Data.Random(rows * columns, 2);
                float[] masked = new float[weight.Length], scaled = new float[weight.Length], decayed = (float[])gradient.Clone();
                for (int i = 0; i < weight.Length; i++)
                {
                    if (random.Next(2) == 0)
                    {
                        mask.Set(i / columns, i % columns);
                    }
                }

                fixed (float* pw = weight, pm = masked, ps = scaled, pd = decayed)
                {
                    MaskApply.Multiply(pw, mask, pm);
                    MaskApply.Multiply(pw, mask, ps, 0.25f);
                    DecayGradient.Add(pd, pw, mask, 0.5f);
                }

                for (int i = 0; i < weight.Length; i++)
                {
                    bool kept = mask[i / columns, i % columns];
                    Assert.Equal(kept ? weight[i] : 0, masked[i]);
                    Assert.Equal(kept ? weight[i] : 0.25f * weight[i], scaled[i]);
                    Assert.Equal(kept ? gradient[i] : gradient[i] + (0.5f * weight[i]), decayed[i], 1e-6f);
                }
            }
        }
    });

    private static void Multiply(Activation activation, float[] gradient, float[]? saved, float[] result)
    {
        fixed (float* pg = gradient, ps = saved, pr = result)
        {
            ActivationGradient.Multiply(activation, pg, ps, pr, gradient.Length);
        }
    }

    private struct ErfCall : IWidthBody
    {
        public float* X;
        public float* Y;
        public int Count;

        public readonly void Run<TLanes, TVec>()
            where TLanes : struct, ILanes<TVec>
            where TVec : unmanaged
        {
            for (int i = 0; i <= Count - TLanes.Count; i += TLanes.Count)
            {
                TLanes.Store(NormalDistribution.Erf<TLanes, TVec>(TLanes.Load(X + i)), Y + i);
            }
        }
    }
}
