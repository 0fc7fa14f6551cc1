using BiMaskGen.Kernels;
using BiMaskGen.Runtime.Tests.Support;
using BiMaskGen.Training;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Golden;

/// <summary>y, dX and dW of a layer against the authors' recorded numbers, on both kernels.</summary>
[Collection(KernelModeCollection.Name)]
public sealed class GoldenProductTests : IDisposable
{
    private readonly KernelMode _mode = KernelPolicy.Mode;

    public static TheoryData<string, KernelMode> Cases
    {
        get
        {
            var data = new TheoryData<string, KernelMode>();
            foreach (string name in GoldenCase.All.Keys)
            {
                data.Add(name, KernelMode.Sparse);
                data.Add(name, KernelMode.Dense);
            }

            return data;
        }
    }

    public void Dispose() => KernelPolicy.Mode = _mode;

    [Theory]
    [MemberData(nameof(Cases))]
    public unsafe void Products_are_the_authors(string name, KernelMode mode)
    {
        KernelPolicy.Mode = mode;
        GoldenCase golden = GoldenCase.All[name];
        int o = golden.OutFeatures, i = golden.InFeatures, b = golden.Batch;
        SparseLinear layer = Layer(golden);
        float[] y = new float[b * o], dx = new float[b * i], dw = new float[o * i];
        fixed (float* w = golden.Weight, x = golden.Input, g = golden.GradOutput, yp = y, dxp = dx, dwp = dw)
        {
            var weight = new MatrixView((nint)w, o, i);
            LinearCall call = layer.Begin(weight, b, training: true, wantsInputGradient: true, Activation.None);
            layer.Forward(call, new MatrixView((nint)x, b, i), default, new MatrixView((nint)yp, b, o), default);
            layer.BackwardInput(call, new MatrixView((nint)g, b, o), new MatrixView((nint)dxp, b, i));
            layer.BackwardWeight(call, new MatrixView((nint)g, b, o), new MatrixView((nint)x, b, i), weight, new MatrixView((nint)dwp, o, i));
            layer.End(call);
        }

        Close(golden.Output, y);
        Close(golden.GradInput, dx);
        Close(golden.GradWeight, dw);
        bool sparse = mode == KernelMode.Sparse;
        Assert.Equal(new KernelCounters(sparse ? 1 : 0, sparse ? 0 : 1, sparse ? 1 : 0, sparse ? 0 : 1, 1), layer.Counters);
    }

    private static SparseLinear Layer(GoldenCase golden)
    {
        var options = new SparseLayerOptions { Name = "Golden.layer", Pattern = golden.Pattern, Decay = golden.Decay };
        var layer = (SparseLinear)Activator.CreateInstance(
            typeof(SparseLinear<>).MakeGenericType(PatternTypes.Of(golden.Pattern)), options, golden.OutFeatures, golden.InFeatures)!;

        // The recorded permutation is a random one, not a search's result.
        layer.ImportState(new LayerState
        {
            Pattern = golden.Pattern.ToString(),
            Method = nameof(SparseMethod.BiMask),
            OutFeatures = golden.OutFeatures,
            InFeatures = golden.InFeatures,
            Permutation = golden.Permutation,
        });
        return layer;
    }

    private static void Close(float[] expected, float[] actual)
    {
        float bound = 1e-5f * expected.Max(MathF.Abs);
        Assert.Equal(expected.Length, actual.Length);
        for (int k = 0; k < expected.Length; k++)
        {
            Assert.True(MathF.Abs(expected[k] - actual[k]) <= bound, $"[{k}]: expected {expected[k]}, got {actual[k]}");
        }
    }
}
