using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Packing;
using BiMaskGen.Patterns;
using BiMaskGen.Runtime.Tests.Packing;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Kernels;

[Collection(KernelSettings.Name)]
public sealed unsafe class SparseProductTests
{
    private const int Pad = 3;

    [Theory]
    [MemberData(nameof(KernelSettings.Widths), MemberType = typeof(KernelSettings))]
    public void EveryPatternAndShapeAgreesWithTheReference(int bits) =>
        KernelSettings.With(bits, 2, () => EveryPattern.Run(new Shapes()));

    [Theory]
    [MemberData(nameof(KernelSettings.Widths), MemberType = typeof(KernelSettings))]
    public void EveryBatchAgreesWithTheReference(int bits) => KernelSettings.With(bits, 2, () =>
    {
        SparseCase<Pattern2x4> forward = new(19, 70, false, false, 1);
        SparseCase<Pattern1x16> backward = new(19, 70, true, true, 2);
        SparseCase<Pattern3x7> odd = new(19, 70, true, true, 3);
        for (int batch = 0; batch <= 70; batch++)
        {
            Check(forward, batch, Activation.Gelu, true);
            Check(backward, batch, Activation.None, false);
            Check(odd, batch, Activation.Relu, true);
        }

        Check(forward, 300, Activation.Relu, false);
        Check(odd, 1000, Activation.None, true);
    });

    [Theory]
    [MemberData(nameof(KernelSettings.Widths), MemberType = typeof(KernelSettings))]
    public void ListsServeCutAndUncut(int bits) => KernelSettings.With(bits, 2, () =>
    {
        bool before = CpuVendor.IsIntel;
        try
        {
            foreach (bool cut in (bool[])[true, false])
            {
                CpuVendor.IsIntel = cut;
                Check(new SparseCase<Pattern2x4>(203, 300, false, false, 1), 70, Activation.None, true);
                Check(new SparseCase<Pattern2x4>(203, 300, true, true, 2), 70, Activation.None, true);
                Check(new SparseCase<Pattern1x4>(203, 300, true, true, 3), 70, Activation.Relu, false);
                Check(new SparseCase<Pattern3x7>(203, 300, false, false, 4), 70, Activation.Gelu, true);
            }
        }
        finally
        {
            CpuVendor.IsIntel = before;
        }
    });

    [Theory]
    [MemberData(nameof(KernelSettings.Widths), MemberType = typeof(KernelSettings))]
    public void EachLayoutServesEveryBatch(int bits) => KernelSettings.With(bits, 2, () =>
    {
        // More than one chunk of rows, block of columns and panel of a batch.
        SparseCase<Pattern2x4>[] matrices = [new(203, 300, false, false, 1), new(203, 300, true, true, 2)];
        foreach (SparseCase<Pattern2x4> matrix in matrices)
        {
            matrix.Pack(PackedForms.Quads);
            foreach (int batch in (int[])[1, 17, 64, 65, 130])
            {
                Check(matrix, batch, Activation.None, true);
            }

            matrix.Pack(PackedForms.Groups);
            foreach (int batch in (int[])[1, 17, 64, 65, 130])
            {
                Check(matrix, batch, Activation.Relu, true);
                Check(matrix, batch, Activation.Silu, true);
            }
        }
    });

    [Theory]
    [MemberData(nameof(KernelSettings.Widths), MemberType = typeof(KernelSettings))]
    public void TheCompactLayoutServesEveryPatternAndShape(int bits) =>
        KernelSettings.With(bits, 2, () => EveryPattern.Run(new Shapes(PackedForms.Groups)));

    [Theory]
    [MemberData(nameof(KernelSettings.Widths), MemberType = typeof(KernelSettings))]
    public void TheCompactLayoutServesEveryBatch(int bits) => KernelSettings.With(bits, 2, () =>
    {
        // 5:9 and 1:32 fit no register here or there, 31:32 not even a word.
        SparseCase<Pattern2x4> usual = new(35, 70, false, false, 1);
        SparseCase<Pattern1x32> wide = new(35, 70, true, true, 2);
        SparseCase<Pattern31x32> dense = new(35, 70, false, false, 3);
        usual.Pack(PackedForms.Groups);
        wide.Pack(PackedForms.Groups);
        dense.Pack(PackedForms.Groups);
        for (int batch = 0; batch <= 70; batch++)
        {
            Check(usual, batch, Activation.Gelu, true);
            Check(wide, batch, Activation.None, false);
            Check(dense, batch, Activation.Relu, true);
        }
    });

    [Fact]
    public void AMatrixThatWasNeverPackedIsRefused()
    {
        var empty = new PackedMatrix(new NMPattern(2, 4), 4, 8);
        var error = Assert.Throws<InvalidOperationException>(() => Empty(empty));
        Assert.Contains("never packed", error.Message, StringComparison.Ordinal);

        static void Empty(PackedMatrix matrix)
        {
            float[] x = new float[8], y = new float[4];
            fixed (float* px = x, py = y)
            {
                SparseProduct.Multiply<Pattern2x4>(px, 1, 8, matrix, py, 4, default);
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelSettings.Widths), MemberType = typeof(KernelSettings))]
    public void TheThreadCountDoesNotChangeABit(int bits)
    {
        SparseCase<Pattern2x4> permuted = new(300, 200, true, true, 1);
        foreach (int batch in (int[])[9, 32, 33, 300])
        {
            float[] one = [];
            KernelSettings.With(bits, 1, () => one = Run(permuted, batch, Activation.Gelu, true, null));
            foreach (int threads in (int[])[2, 5])
            {
                KernelSettings.With(bits, threads, () => Assert.Equal(one, Run(permuted, batch, Activation.Gelu, true, null)));
            }
        }
    }

    [Fact]
    public void SixteenThreadsAtOnceGetTheSameResult()
    {
        SparseCase<Pattern2x4> matrix = new(100, 200, true, true, 1);
        float[] expected = Run(matrix, 150, Activation.None, false, null);
        var results = new float[16][];
        var threads = new Thread[16];
        for (int t = 0; t < threads.Length; t++)
        {
            int slot = t;
            threads[t] = new Thread(() =>
            {
                for (int i = 0; i < 20; i++)
                {
                    results[slot] = Run(matrix, 150, Activation.None, false, null);
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

    [Theory]
    [InlineData(8, PackedForms.All)]
    [InlineData(200, PackedForms.All)]
    [InlineData(8, PackedForms.Groups)]
    [InlineData(200, PackedForms.Groups)]
    public void ACallAllocatesNothing(int batch, PackedForms forms)
    {
        SparseCase<Pattern2x4> matrix = new(150, 160, true, true, 1);
        matrix.Pack(forms);
        float[] x = new float[batch * 160], y = new float[batch * 150];
        long allocated = KernelSettings.BytesAllocatedBy(2, () =>
        {
            fixed (float* px = x, py = y)
            {
                SparseProduct.Multiply<Pattern2x4>(px, batch, 160, matrix.Packed, py, 150, default);
            }
        });
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void BadArgumentsAreRefused()
    {
        SparseCase<Pattern2x4> matrix = new(6, 8, false, false, 1);
        Assert.Throws<ArgumentException>(() => SparseProduct.Multiply<Pattern1x4>(null, 0, 8, matrix.Packed, null, 6, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => SparseProduct.Multiply<Pattern2x4>(null, -1, 8, matrix.Packed, null, 6, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => SparseProduct.Multiply<Pattern2x4>(null, 0, 7, matrix.Packed, null, 6, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => SparseProduct.Multiply<Pattern2x4>(null, 0, 8, matrix.Packed, null, 5, default));
        Assert.Throws<ArgumentNullException>(() => SparseProduct.Multiply<Pattern2x4>(null, 0, 8, null!, null, 6, default));
    }

    private static float[] Run<TPattern>(
        SparseCase<TPattern> matrix, int batch, Activation activation, bool withBias, float[]? preActivation)
        where TPattern : struct, INMPattern
    {
        float[] x = Data.Random(batch * (matrix.Columns + Pad), 5), bias = Data.Random(matrix.Rows, 6);
        var y = new float[batch * (matrix.Rows + Pad)];
        y.AsSpan().Fill(float.NaN);
        fixed (float* px = x, py = y, pb = bias, pz = preActivation)
        {
            Epilogue epilogue = new(withBias ? pb : null, activation, pz);
            SparseProduct.Multiply<TPattern>(px, batch, matrix.Columns + Pad, matrix.Packed, py, matrix.Rows + Pad, epilogue);
        }

        return y;
    }

    private static void Check<TPattern>(SparseCase<TPattern> matrix, int batch, Activation activation, bool withBias)
        where TPattern : struct, INMPattern
    {
        int stride = matrix.Rows + Pad;
        var z = new float[batch * stride];
        z.AsSpan().Fill(float.NaN);
        float[] y = Run(matrix, batch, activation, withBias, z);
        float[] x = Data.Random(batch * (matrix.Columns + Pad), 5), bias = Data.Random(matrix.Rows, 6);
        for (int b = 0; b < batch; b++)
        {
            for (int row = 0; row < matrix.Rows; row++)
            {
                double sum = withBias ? bias[row] : 0;
                for (int column = 0; column < matrix.Columns; column++)
                {
                    sum += (double)matrix.Dense[(row * matrix.Columns) + column] * x[(b * (matrix.Columns + Pad)) + column];
                }

                string what = $"{matrix} batch {batch} [{b}, {row}]";
                Data.AssertClose(sum, z[(b * stride) + row], matrix.Columns, what);
                Data.AssertClose(Data.Activate(activation, sum), y[(b * stride) + row], matrix.Columns, what);
            }

            // Nothing is written between the rows.
            Assert.All(y.AsSpan((b * stride) + matrix.Rows, Pad).ToArray(), value => Assert.True(float.IsNaN(value)));
        }
    }

    private sealed class Shapes(PackedForms forms = PackedForms.All) : IPatternAction
    {
        public void Run<TPattern>()
            where TPattern : struct, INMPattern
        {
            foreach (var (rows, columns) in ((int, int)[])[(1, 1), (3, 5), (16, 64), (31, 33), (70, 131)])
            {
                foreach (int batch in (int[])[1, 2, 3, 15, 34, 70])
                {
                    // Forward with the channels in an order of their own in every other case.
                    SparseCase<TPattern> forward = new(rows, columns, false, batch % 2 == 0, batch), backward = new(rows, columns, true, true, batch);
                    forward.Pack(forms);
                    backward.Pack(forms);
                    Check(forward, batch, Activation.None, true);
                    Check(backward, batch, Activation.None, false);
                }
            }
        }
    }
}
