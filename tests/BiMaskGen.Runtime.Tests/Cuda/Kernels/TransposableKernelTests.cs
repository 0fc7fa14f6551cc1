using System.Runtime.InteropServices;
using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Masks;
using BiMaskGen.Runtime.Tests.Support;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Cuda;

/// <summary>The kernel of transposable masks, on this machine, against the CPU's: to the bit.</summary>
[Collection(HostKernelCollection.Name)]
public sealed class TransposableKernelTests(HostKernels kernels)
{
    // Several blocks of threads along a row, words that no weight reaches, blocks of weights cut on both sides.
    private static readonly (int Rows, int Columns)[] s_shapes = [(64, 64), (9, 2100), (143, 330), (37, 5), (3, 130), (1, 1), (6, 1024)];

    [NativeFact]
    public void TheMaskIsTheCpus()
    {
        foreach (CudaType type in HostKernels.Floats)
        {
            foreach ((int rows, int columns) in s_shapes)
            {
                foreach (float[] values in (float[][])[TestWeights.Gaussian(rows * columns, rows), FewSizes(rows * columns), new float[rows * columns]])
                {
                    using HostMatrix weight = HostMatrix.Of(type, values, columns % 8 == 0 ? 0 : 4);
                    NMMask expected = new(rows, columns);
                    Assert.True(TransposableMask.Run(new NMPattern(2, 4), weight.Values, expected));
                    (NMMask mask, uint flags) = Run(weight, rows, columns);
                    Assert.Equal(0u, flags);
                    Assert.Equal(expected.Words.ToArray(), mask.Words.ToArray());
                }
            }
        }
    }

    [NativeTheory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void AWeightThatIsNotFiniteRaisesAFlag(float value)
    {
        const int Rows = 11, Columns = 70;
        float[] values = TestWeights.Gaussian(Rows * Columns, 1);
        values[^1] = value;
        using HostMatrix weight = HostMatrix.Of(CudaType.BF16, values);
        Assert.Equal(MaskStatistics.NonFinite, Run(weight, Rows, Columns).Flags);
    }

    private (NMMask Mask, uint Flags) Run(HostMatrix weight, int rows, int columns)
    {
        NMMask mask = new(rows, columns);
        using HostMatrix words = new(CudaType.F32, 2 * mask.Words.Length), flags = new(CudaType.F32, 1);
        flags.Bytes.Clear();
        new LayerKernels(kernels.Launcher()).Transposable(weight.Pointer, weight.Type, words.Pointer, flags.Pointer, (rows, columns));
        words.AssertGuards();
        flags.AssertGuards();
        words.Bytes.CopyTo(MemoryMarshal.AsBytes(mask.Words));
        return (mask, flags.Codes[0]);
    }

    // Many patterns of a block keep the same.
    private static float[] FewSizes(int count)
    {
        Random random = new(count);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(-2, 3) * 0.5f)];
    }
}
