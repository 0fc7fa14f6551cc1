using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cpu;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Kernels;

[Collection(KernelSettings.Name)]
public sealed unsafe class GemmTests
{
    private static readonly int[] Lengths = [1, 2, 3, 5, 12, 13, 17, 33, 47];

    [Theory]
    [MemberData(nameof(KernelSettings.Widths), MemberType = typeof(KernelSettings))]
    public void EveryShapeAndTranspositionAgreesWithTheReference(int bits) => KernelSettings.With(bits, 2, () =>
    {
        for (int transposed = 0; transposed < 4; transposed++)
        {
            foreach (int m in Lengths)
            {
                foreach (int n in Lengths)
                {
                    foreach (int k in (int[])[1, 4, 15, 31])
                    {
                        GemmCase product = new((transposed & 1) != 0, (transposed & 2) != 0, m, n, k);
                        product.Check(product.Run());
                    }
                }
            }
        }
    });

    [Theory]
    [MemberData(nameof(KernelSettings.Widths), MemberType = typeof(KernelSettings))]
    public void LongContractionsAndSharedBlocksAgreeWithTheReference(int bits) => KernelSettings.With(bits, 3, () =>
    {
        foreach (var (m, n, k) in ((int, int, int)[])
            [(70, 130, 300), (9, 70, 1030), (30, 50, 260), (64, 70, 40), (70, 64, 40), (1, 300, 515), (200, 7, 600), (150, 90, 257), (301, 70, 260), (70, 301, 260)])
        {
            for (int transposed = 0; transposed < 4; transposed++)
            {
                GemmCase product = new((transposed & 1) != 0, (transposed & 2) != 0, m, n, k);
                product.Check(product.Run());
            }
        }
    });

    [Theory]
    [MemberData(nameof(KernelSettings.Widths), MemberType = typeof(KernelSettings))]
    public void EveryHeightAndWidthOfTheLastTileAgreesWithTheReference(int bits) => KernelSettings.With(bits, 2, () =>
    {
        // Long contractions, so that the operands are packed, in turn with short ones, so that they are read in place.
        for (int last = 1; last <= 50; last++)
        {
            int k = last % 2 == 0 ? 1000 : 430;
            GemmCase product = new(true, false, 65 + last, 97 + last, k, 2, 0.5f);
            product.Check(product.Run());
        }
    });

    [Theory]
    [InlineData(1f, 1f)]
    [InlineData(-0.5f, 0f)]
    [InlineData(2f, -0.25f)]
    [InlineData(0f, 1f)]
    public void ScalesApplyOnEveryPath(float alpha, float beta)
    {
        foreach (var (m, n, k) in ((int, int, int)[])[(25, 45, 600), (3, 40, 20), (40, 3, 20), (5, 6, 0)])
        {
            for (int transposed = 0; transposed < 4; transposed++)
            {
                GemmCase product = new((transposed & 1) != 0, (transposed & 2) != 0, m, n, k, alpha, beta);
                product.Check(product.Run());
            }
        }
    }

    [Fact]
    public void BetaZeroIgnoresNaN()
    {
        foreach (var (m, n, k) in ((int, int, int)[])[(25, 45, 300), (3, 40, 20), (40, 3, 20), (5, 6, 0)])
        {
            GemmCase product = new(false, true, m, n, k);
            product.Before.AsSpan().Fill(float.NaN);
            product.Check(product.Run());
        }
    }

    [Fact]
    public void EmptyShapesTouchNothing()
    {
        float c = 7;
        Gemm.Multiply(false, false, 0, 5, 3, 1, null, 3, null, 5, 0, &c, 5);
        Gemm.Multiply(false, false, 5, 0, 3, 1, null, 3, null, 1, 0, &c, 1);
        Assert.Equal(7, c);
        Gemm.Multiply(false, false, 1, 1, 0, 1, null, 1, null, 1, 2, &c, 1);
        Assert.Equal(14, c);
    }

    [Fact]
    public void BadSizesAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Gemm.Multiply(false, false, -1, 1, 1, 1, null, 1, null, 1, 0, null, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Gemm.Multiply(false, false, 2, 2, 2, 1, null, 1, null, 2, 0, null, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Gemm.Multiply(false, true, 2, 2, 3, 1, null, 3, null, 2, 0, null, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Gemm.Multiply(false, false, 2, 2, 2, 1, null, 2, null, 2, 0, null, 1));
    }

    [Theory]
    [MemberData(nameof(KernelSettings.Widths), MemberType = typeof(KernelSettings))]
    public void TheThreadCountDoesNotChangeABit(int bits)
    {
        foreach (var (m, n, k) in ((int, int, int)[])[(150, 190, 300), (5, 400, 600), (400, 5, 600)])
        {
            for (int transposed = 0; transposed < 4; transposed++)
            {
                GemmCase product = new((transposed & 1) != 0, (transposed & 2) != 0, m, n, k, 0.5f, 0.25f);
                float[] one = [];
                KernelSettings.With(bits, 1, () => one = product.Run(Activation.Gelu, true));
                foreach (int threads in (int[])[2, 5])
                {
                    KernelSettings.With(bits, threads, () => Assert.Equal(one, product.Run(Activation.Gelu, true)));
                }
            }
        }
    }

    [Theory]
    [InlineData(Activation.None, true)]
    [InlineData(Activation.Relu, false)]
    [InlineData(Activation.Relu, true)]
    [InlineData(Activation.Gelu, true)]
    [InlineData(Activation.Silu, true)]
    public void TheEpilogueAppliesOnEveryPath(Activation activation, bool withBias)
    {
        foreach (var (m, n, k) in ((int, int, int)[])[(25, 45, 300), (3, 40, 20), (40, 3, 20), (5, 6, 0)])
        {
            for (int transposed = 0; transposed < 4; transposed++)
            {
                GemmCase product = new((transposed & 1) != 0, (transposed & 2) != 0, m, n, k);
                var z = (float[])product.Before.Clone();
                product.Check(product.Run(activation, withBias, z), activation, withBias);
                product.Check(z, Activation.None, withBias);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(40)]
    public void BatchedProductsAreTheProductsOneByOne(int batch)
    {
        const int m = 33, n = 20, k = 64;
        float[] a = Data.Random(batch * m * k, 1), b = Data.Random(k * n, 2);
        float[] together = new float[batch * m * n], single = new float[batch * m * n];
        fixed (float* pa = a, pb = b, pt = together, ps = single)
        {
            Gemm.MultiplyBatched(false, false, batch, m, n, k, 1, pa, k, m * k, pb, n, 0, 0, pt, n, m * n);
            for (int i = 0; i < batch; i++)
            {
                Gemm.Multiply(false, false, m, n, k, 1, pa + (i * m * k), k, pb, n, 0, ps + (i * m * n), n);
            }
        }

        Assert.Equal(single, together);
        Assert.Contains(together, value => value != 0);
    }

    [Fact]
    public void ACallAllocatesNothing()
    {
        GemmCase product = new(false, true, 130, 140, 150);
        float[] c = new float[130 * 200];
        long allocated = KernelSettings.BytesAllocatedBy(2, () =>
        {
            fixed (float* a = product.A, b = product.B, y = c)
            {
                Gemm.Multiply(false, true, 130, 140, 150, 1, a, 150, b, 150, 0, y, 200);
            }
        });
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void SixteenThreadsAtOnceGetTheSameResult()
    {
        GemmCase product = new(false, true, 90, 110, 130);
        float[] expected = product.Run();
        var results = new float[16][];
        var threads = new Thread[16];
        for (int t = 0; t < threads.Length; t++)
        {
            int slot = t;
            threads[t] = new Thread(() =>
            {
                for (int i = 0; i < 20; i++)
                {
                    results[slot] = product.Run();
                }
            });
            threads[t].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.All(results, result => Assert.Equal(expected, result));
    }
}
