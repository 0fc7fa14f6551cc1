using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Runtime.Tests.Support;
using BiMaskGen.Tool.GpuCheck;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Cuda;

/// <summary>The kernels over activations and gradients, on this machine, against float64.</summary>
[Collection(HostKernelCollection.Name)]
public sealed class GradientKernelTests(HostKernels kernels)
{
    private static readonly (int Rows, int Columns)[] s_shapes = [(5, 64), (7, 3), (130, 72), (9, 2304), (3, 333), (1, 1), (0, 16)];

    public static TheoryData<int, int> Cases
    {
        get
        {
            TheoryData<int, int> cases = [];
            for (int activation = 0; activation < HostKernels.Activations.Count; activation++)
            {
                for (int types = 0; types < HostKernels.Types.Count; types++)
                {
                    cases.Add(activation, types);
                }
            }

            return cases;
        }
    }

    [NativeTheory]
    [MemberData(nameof(Cases))]
    public void TheGradientGoesThroughTheActivationAndThePermutation(int activation, int types)
    {
        foreach ((int rows, int columns) in s_shapes)
        {
            // Staged in shared memory; too long for it; in memory that begins anywhere.
            Compare(HostKernels.Activations[activation], HostKernels.Types[types], rows, columns, sharedMemory: 227 << 10, misalignment: 0);
            Compare(HostKernels.Activations[activation], HostKernels.Types[types], rows, columns, sharedMemory: 1, misalignment: 0);
            Compare(HostKernels.Activations[activation], HostKernels.Types[types], rows, columns, sharedMemory: 227 << 10, misalignment: 4);
        }
    }

    [NativeTheory]
    [MemberData(nameof(Cases))]
    public void TheEpilogueAddsTheBiasAndActivates(int activation, int types)
    {
        (CudaType biasType, CudaType type) = HostKernels.Types[types];
        foreach ((int rows, int columns) in s_shapes)
        {
            using HostMatrix output = HostMatrix.Of(type, TestWeights.Gaussian(rows * columns, 1)), before = new(type, rows * columns);
            using HostMatrix bias = HostMatrix.Of(biasType, TestWeights.Gaussian(columns, 2));
            float[] y = output.Values, b = bias.Values;
            new LayerKernels(kernels.Launcher()).Epilogue(
                output.Pointer, type, bias.Pointer, biasType, before.Pointer, HostKernels.Activations[activation], (rows, columns));
            output.AssertGuards();
            before.AssertGuards();
            AssertClose([.. y.Select((v, i) => (double)v + b[i % columns])], before, "z");
            AssertClose([.. y.Select((v, i) => ActivationReference.Value(HostKernels.Activations[activation], (double)v + b[i % columns]))], output, "y");
        }
    }

    [NativeTheory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(1)]
    public void TheColumnSumsAreThose(int types)
    {
        CudaType type = HostKernels.Types[types].Operand;
        foreach ((int rows, int columns) in s_shapes)
        {
            using HostMatrix matrix = HostMatrix.Of(type, TestWeights.Gaussian(rows * columns, 1));
            using HostMatrix partial = new(CudaType.F32, LaunchPlan.SumStrips * columns), sums = new(CudaType.F32, columns);
            new LayerKernels(kernels.Launcher()).ColumnSums(matrix.Pointer, type, partial.Pointer, sums.Pointer, (rows, columns));
            partial.AssertGuards();
            sums.AssertGuards();
            float[] values = matrix.Values;
            AssertClose([.. Enumerable.Range(0, columns).Select(c => Enumerable.Range(0, rows).Sum(r => (double)values[(r * columns) + c]))], sums, "db");
        }
    }

    [NativeFact]
    public void WhereReluIsOffAnInfiniteGradientIsZero()
    {
        using HostMatrix gradient = HostMatrix.Of(CudaType.F32, [float.PositiveInfinity, float.NaN, 2, 3]), saved = HostMatrix.Of(CudaType.BF16, [0, -1, 1, float.NaN]);
        using HostMatrix direct = new(CudaType.BF16, 4);
        new LayerKernels(kernels.Launcher()).Gradient(
            gradient.Pointer, CudaType.F32, saved.Pointer, CudaType.BF16, 0, (direct.Pointer, 0), CudaType.BF16, Activation.Relu, (1, 4));
        Assert.Equal([0, 0, 2, 0], direct.Values);
    }

    private unsafe void Compare(Activation activation, (CudaType Gradient, CudaType Operand) types, int rows, int columns, int sharedMemory, int misalignment)
    {
        using HostMatrix gradient = HostMatrix.Of(types.Gradient, TestWeights.Gaussian(rows * columns, 1), misalignment);
        using HostMatrix saved = HostMatrix.Of(types.Operand, TestWeights.Gaussian(rows * columns, 2));
        using HostMatrix direct = new(types.Operand, rows * columns), permuted = new(types.Operand, rows * columns, misalignment);
        int[] permutation = TestWeights.Permutation(columns, 3);
        fixed (int* order = permutation)
        {
            new LayerKernels(kernels.Launcher(sharedMemory)).Gradient(
                gradient.Pointer, types.Gradient, saved.Pointer, types.Operand, (ulong)order, (direct.Pointer, permuted.Pointer), types.Operand, activation, (rows, columns));
        }

        direct.AssertGuards();
        permuted.AssertGuards();
        float[] g = gradient.Values, s = saved.Values, result = direct.Values;
        AssertClose([.. g.Select((v, i) => v * ActivationReference.Slope(activation, s[i]))], direct, $"{activation} [{rows}, {columns}]");
        Assert.Equal([.. Enumerable.Range(0, rows * columns).Select(i => result[(i / columns * columns) + permutation[i % columns]])], permuted.Values);
    }

    // Half of the type's last place, and what fp32 arithmetic adds to it.
    private static void AssertClose(double[] expected, HostMatrix actual, string what)
    {
        double relative = actual.Type switch { CudaType.F32 => 2e-6, CudaType.F16 => 4.9e-4, _ => 3.92e-3 };
        float[] values = actual.Values;
        for (int i = 0; i < expected.Length; i++)
        {
            double allowed = (relative * Math.Abs(expected[i])) + 2e-6;
            Assert.True(Math.Abs(values[i] - expected[i]) <= allowed, $"{what}: entry {i} is {values[i]}, expected {expected[i]}");
        }
    }
}
