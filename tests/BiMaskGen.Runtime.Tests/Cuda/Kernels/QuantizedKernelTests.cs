using System.Runtime.InteropServices;
using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Runtime.Tests.Support;
using BiMaskGen.Tool.GpuCheck;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Cuda;

/// <summary>The kernels of quantised inference, on this machine: codes to the bit, results against the same arithmetic and against float64.</summary>
[Collection(HostKernelCollection.Name)]
public sealed class QuantizedKernelTests(HostKernels kernels)
{
    private static readonly (int Rows, int Columns)[] s_shapes = [(5, 64), (3, 4096), (7, 3), (2, 333), (9, 2304), (1, 1), (0, 16)];

    public static TheoryData<int, bool> Sources
    {
        get
        {
            TheoryData<int, bool> cases = [];
            foreach (CudaType source in HostKernels.Floats)
            {
                cases.Add((int)source, true);
                cases.Add((int)source, false);
            }

            return cases;
        }
    }

    public static TheoryData<int, int> Epilogues
    {
        get
        {
            TheoryData<int, int> cases = [];
            for (int types = 0; types < HostKernels.Types.Count; types++)
            {
                for (int activation = 0; activation < HostKernels.Activations.Count; activation++)
                {
                    cases.Add(types, activation);
                }
            }

            return cases;
        }
    }

    [NativeTheory]
    [MemberData(nameof(Sources))]
    public void EveryEntryGetsTheNearestCode(int sourceType, bool isInteger)
    {
        foreach ((int rows, int columns) in s_shapes)
        {
            float[] values = TestWeights.Gaussian(rows * columns, rows + columns);
            Compare((CudaType)sourceType, Operand(isInteger), values, columns, misalignment: 0);
            Compare((CudaType)sourceType, Operand(isInteger), values, columns, misalignment: 4);
        }
    }

    // Halves between codes of either type, of both signs; numbers that only just reach a code; subnormal ones of e4m3.
    [NativeTheory]
    [MemberData(nameof(Sources))]
    public void TiesGoToTheEvenCode(int sourceType, bool isInteger)
    {
        CudaType operand = Operand(isInteger);
        float limit = isInteger ? 127 : 448;
        float[] codes = [.. Enumerable.Range(0, 127).Select(c => QuantizedReference.Value(operand, (byte)c))];
        float[] between = [.. codes.Zip(codes.Skip(1), (a, b) => (a + b) / 2)];
        float[] row = [limit, .. codes, .. between, .. between.Select(v => -v), .. between.Select(v => MathF.BitDecrement(v)), .. between.Select(v => MathF.BitIncrement(v)), 1e-6f, -1e-6f, -0f];
        Compare((CudaType)sourceType, operand, row, row.Length, misalignment: 0);
    }

    [NativeTheory]
    [MemberData(nameof(Sources))]
    public void RowsOfZerosTinyNumbersAndNoNumbersAreThoseAlone(int sourceType, bool isInteger)
    {
        const int Columns = 16;
        float[] values = TestWeights.Gaussian(6 * Columns, 1);
        values.AsSpan(Columns, Columns).Clear();
        values[(2 * Columns) + 3] = float.NaN;
        values[(3 * Columns) + 15] = float.NegativeInfinity;
        for (int i = 0; i < Columns; i++)
        {
            values[(4 * Columns) + i] *= 1e-39f;
        }

        using HostMatrix codes = Compare((CudaType)sourceType, Operand(isInteger), values, Columns, misalignment: 0, out float[] scales);
        Assert.Equal(0, scales[1]);
        Assert.True(float.IsNaN(scales[2]) && float.IsNaN(scales[3]));
        Assert.True(scales[0] > 0 && scales[5] > 0 && float.IsFinite(scales[4]));
        Assert.Equal(-1, codes.Bytes[Columns..(4 * Columns)].IndexOfAnyExcept((byte)0));
    }

    [NativeTheory]
    [MemberData(nameof(Epilogues))]
    public void SumsAreScaledBackWithBiasAndActivation(int types, int activationIndex)
    {
        (CudaType biasType, CudaType type) = HostKernels.Types[types];
        Activation activation = HostKernels.Activations[activationIndex];
        foreach ((int rows, int columns) in s_shapes)
        {
            foreach (CudaType sumType in (CudaType[])[CudaType.I32, CudaType.F32])
            {
                using HostMatrix sums = new(sumType, rows * columns), output = new(type, rows * columns);
                float[] totals = Sums(sums, rows * columns);
                using HostMatrix bias = HostMatrix.Of(biasType, TestWeights.Gaussian(columns, 2));
                using HostMatrix weights = HostMatrix.Of(CudaType.F32, Positive(columns, 3)), tokens = HostMatrix.Of(CudaType.F32, Positive(rows, 4));
                bool hasBias = rows % 2 == 1;
                new InferenceKernels(kernels.Launcher()).Rescale(
                    sums.Pointer, sumType, (weights.Pointer, tokens.Pointer), hasBias ? bias.Pointer : 0, biasType, output.Pointer, type, activation, (rows, columns));
                output.AssertGuards();
                float[] b = bias.Values, ws = weights.Values, ts = tokens.Values, actual = output.Values;
                float[] z = [.. totals.Select((sum, i) => (sum * ws[i % columns] * ts[i / columns]) + (hasBias ? b[i % columns] : 0))];
                if (activation is Activation.None or Activation.Relu)
                {
                    using HostMatrix expected = HostMatrix.Of(type, [.. z.Select(v => activation == Activation.Relu && v < 0 ? 0 : v)]);
                    Assert.Equal(expected.Codes, output.Codes);
                }

                double relative = type switch { CudaType.F32 => 2e-6, CudaType.F16 => 4.9e-4, _ => 3.92e-3 };
                for (int i = 0; i < actual.Length; i++)
                {
                    double exact = ((double)totals[i] * ws[i % columns] * ts[i / columns]) + (hasBias ? b[i % columns] : 0), result = ActivationReference.Value(activation, exact);
                    Assert.True(Math.Abs(actual[i] - result) <= (relative * Math.Abs(result)) + (2e-6 * (1 + Math.Abs(exact))), $"{activation}: entry {i} is {actual[i]}, expected {result}");
                }
            }
        }
    }

    [NativeFact]
    public void ATokenThatIsNoNumberMakesItsOutputsNoNumbersAndOthersNot()
    {
        using HostMatrix sums = new(CudaType.I32, 3 * 8), output = new(CudaType.BF16, 3 * 8);
        sums.Bytes.Clear();
        using HostMatrix weights = HostMatrix.Of(CudaType.F32, Positive(8, 1)), tokens = HostMatrix.Of(CudaType.F32, [1, float.NaN, 1]);
        new InferenceKernels(kernels.Launcher()).Rescale(
            sums.Pointer, CudaType.I32, (weights.Pointer, tokens.Pointer), 0, CudaType.F32, output.Pointer, CudaType.BF16, Activation.Relu, (3, 8));
        Assert.Equal([.. Enumerable.Range(0, 24).Select(i => i / 8 == 1)], output.Values.Select(float.IsNaN));
    }

    private static CudaType Operand(bool isInteger) => isInteger ? CudaType.I8 : CudaType.E4M3;

    private void Compare(CudaType source, CudaType operand, float[] values, int columns, int misalignment) =>
        Compare(source, operand, values, columns, misalignment, out _).Dispose();

    // Three rows more than there are: zeros.
    private HostMatrix Compare(CudaType source, CudaType operand, float[] values, int columns, int misalignment, out float[] scales)
    {
        int rows = values.Length / columns, all = rows + 3;
        using HostMatrix matrix = HostMatrix.Of(source, values, misalignment), scale = new(CudaType.F32, all);
        HostMatrix codes = new(operand, all * columns, misalignment);
        new InferenceKernels(kernels.Launcher()).Quantize(matrix.Pointer, source, codes.Pointer, operand, scale.Pointer, (rows, columns), all);
        codes.AssertGuards();
        scale.AssertGuards();
        (byte[] expected, float[] expectedScales) = QuantizedReference.Rows(operand, matrix.Values, columns);
        Assert.Equal([.. expected, .. new byte[3 * columns]], codes.Bytes.ToArray());
        Assert.Equal([.. expectedScales, 0, 0, 0], scale.Values);
        scales = scale.Values;
        return codes;
    }

    private static float[] Sums(HostMatrix sums, int count)
    {
        Random random = new(count);
        if (sums.Type == CudaType.F32)
        {
            float[] floats = TestWeights.Gaussian(count, 5);
            MemoryMarshal.AsBytes<float>(floats).CopyTo(sums.Bytes);
            return floats;
        }

        int[] whole = [.. Enumerable.Range(0, count).Select(_ => random.Next(-(1 << 28), 1 << 28))];
        MemoryMarshal.AsBytes<int>(whole).CopyTo(sums.Bytes);
        return [.. whole.Select(v => (float)v)];
    }

    private static float[] Positive(int count, int seed) => [.. TestWeights.Gaussian(count, seed).Select(v => 1e-4f * (0.1f + MathF.Abs(v)))];
}
