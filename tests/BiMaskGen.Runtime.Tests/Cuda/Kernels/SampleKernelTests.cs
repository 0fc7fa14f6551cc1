using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Permutations;
using BiMaskGen.Runtime.Tests.Support;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Cuda;

/// <summary>The kernel that samples gradients, on this machine, against the CPU's draws: to the bit.</summary>
[Collection(HostKernelCollection.Name)]
public sealed class SampleKernelTests(HostKernels kernels)
{
    // Rests that are kept whole and such that are drawn from; rows at 16-byte addresses and not.
    private static readonly (int Rows, int Columns)[] s_shapes = [(16, 64), (17, 40), (18, 33), (19, 130), (3, 8), (2, 5), (1, 1), (0, 8)];

    [NativeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheSampleIsTheCpus(bool inPairs)
    {
        foreach (CudaType type in HostKernels.Floats)
        {
            foreach ((int rows, int columns) in s_shapes)
            {
                foreach (float[] values in (float[][])[TestWeights.Gaussian(rows * columns, rows), Sparse(rows * columns), Tiny(rows * columns), WithWhatIsNoNumber(rows * columns)])
                {
                    using HostMatrix gradient = HostMatrix.Of(type, values, columns % 8 == 0 ? 0 : 4), sampled = new(type, values.Length);
                    BatchSample sample = new(SplitMix64.For(3, rows, ~columns).State, inPairs);
                    new LayerKernels(kernels.Launcher()).Sample(gradient.Pointer, type, sampled.Pointer, sample, (rows, columns));
                    sampled.AssertGuards();
                    using HostMatrix expected = HostMatrix.Of(type, Expected(gradient.Values, rows, columns, sample));
                    Same(expected.Values, sampled.Values, $"{type} [{rows}, {columns}]");
                }
            }
        }
    }

    private static unsafe float[] Expected(float[] g, int rows, int columns, BatchSample sample)
    {
        float[] result = new float[g.Length];
        fixed (float* from = g, to = result)
        {
            if (sample.InPairs)
            {
                new GradientSample<SampledOneOfTwo>(from, rows, columns, new SplitMix64(sample.State)).Write(to);
            }
            else
            {
                new GradientSample<SampledTwoOfFour>(from, rows, columns, new SplitMix64(sample.State)).Write(to);
            }
        }

        return result;
    }

    // Any NaN is as good as another.
    private static void Same(float[] expected, float[] actual, string what)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(
                float.IsNaN(expected[i]) ? float.IsNaN(actual[i]) : BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i]),
                $"{what}: entry {i} is {actual[i]:R}, expected {expected[i]:R}");
        }
    }

    // Groups with one entry, with two, with none.
    private static float[] Sparse(int count) => [.. TestWeights.Gaussian(count, 5).Select((v, i) => i * 7 % 5 < 3 ? 0 : v)];

    private static float[] Tiny(int count) => [.. TestWeights.Gaussian(count, 6).Select(v => v * 1e-38f)];

    private static float[] WithWhatIsNoNumber(int count) =>
        [.. TestWeights.Gaussian(count, 7).Select((v, i) => i % 11 == 3 ? float.NaN : i % 13 == 5 ? float.PositiveInfinity : i % 17 == 6 ? -3e38f : v)];
}
