using BiMaskGen.Cuda.Tests.Models;
using BiMaskGen.Cuda.Tests.Support;
using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Reference;
using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Runtime.Tests.Cuda;
using BiMaskGen.Tool.GpuCheck;

namespace BiMaskGen.Cuda.Tests;

/// <summary>Released layers in int8 and float8: emitted layers against quantised masked dense arithmetic in float64, and against that of the weights as they were.</summary>
[Collection(FakeCudaCollection.Name)]
public sealed class InferencePrecisionTests(FakeCuda fake)
{
    private const int Out = TwoLayers.Hidden, In = TwoLayers.In;

    [NativeTheory]
    [InlineData(InferencePrecision.Int8, 16)]
    [InlineData(InferencePrecision.Int8, 3)]
    [InlineData(InferencePrecision.Float8, 16)]
    [InlineData(InferencePrecision.Float8, 3)]
    public void OutputsAreThoseOfTheQuantisedMaskedWeights(InferencePrecision precision, int rows) => Gpu.Run(fake, KernelMode.Auto, () =>
    {
        var model = new FirstLayer();
        using Tensor x = new Samples(1).Tensor(rows, In);
        (float[] weight, float[] bias) = (Values.Of(model.Layer.weight!), Values.Of(model.Layer.bias!));
        float[] masked = Masked(weight);
        Release(model, precision);
        using Tensor y = Call(model, x);
        CudaType type = precision == InferencePrecision.Int8 ? CudaType.I8 : CudaType.E4M3;
        double[] expected = Product(Decoded(type, masked), Decoded(type, Values.Of(x)), bias);
        new Reference(Rounding.F32, Out, In).Close(expected, Values.Of(y), "y");
        Assert.Equal(1, fake.Calls("cusparseLtMatmul"));
        Assert.Equal(0, fake.Calls("cublasLtMatmul"));

        double[] exact = Product([.. masked.Select(v => (double)v)], Values.Doubles(x), bias);
        double size = Math.Sqrt(exact.Average(v => v * v));
        double loss = Math.Sqrt(exact.Zip(Values.Of(y), (e, a) => (a - e) * (a - e)).Average()) / size;
        Assert.InRange(loss, 1e-5, precision == InferencePrecision.Int8 ? 0.02 : 0.06);
    });

    [NativeFact]
    public void InputsOfEveryTypeAreTakenAsTheyAre() => Gpu.Run(fake, KernelMode.Auto, () =>
    {
        var model = new FirstLayer();
        Release(model, InferencePrecision.Int8);
        using Tensor x = new Samples(1).Tensor(4, In);
        using Tensor y = Call(model, x);
        foreach (ScalarType type in (ScalarType[])[ScalarType.BFloat16, ScalarType.Float16])
        {
            using Tensor narrow = x.to(type), result = Call(model, narrow);
            Assert.Equal(type, result.dtype);
            using Tensor wide = result.to(ScalarType.Float32);

            // Rounding moves an input by up to half a step, and with it its code by one.
            double size = Math.Sqrt(Values.Doubles(y).Average(v => v * v));
            Assert.All(Values.Of(y).Zip(Values.Of(wide), (a, b) => Math.Abs(a - b)), difference => Assert.True(difference < 0.05 * size));
        }
    });

    [NativeFact]
    public void ATokenThatIsNoNumberComesOutAsNone() => Gpu.Run(fake, KernelMode.Auto, () =>
    {
        var model = new FirstLayer();
        Release(model, InferencePrecision.Float8);
        float[] values = Values.Of(new Samples(1).Tensor(4, In));
        values[(2 * In) + 7] = float.NaN;
        values.AsSpan(0, In).Clear();
        using Tensor x = Values.ToTensor(values, 4, In), y = Call(model, x);
        Assert.Equal([.. Enumerable.Range(0, 4 * Out).Select(i => i / Out == 2)], Values.Of(y).Select(float.IsNaN));
        Values.SameBits(Values.Of(model.Layer.bias!), Values.Of(y)[..Out], "y of a row of zeros is the bias");
    });

    [NativeFact]
    public void ALayerThatCannotIsNamedAndNoneIsReleased() => Gpu.Run(fake, KernelMode.Auto, () =>
    {
        var model = new HalfFittingNet();
        model.eval();
        NMSparsePrecisionException error = Assert.Throws<NMSparsePrecisionException>(() => model.ReleaseDense(InferencePrecision.Int8));
        Assert.EndsWith(".fc2", error.Layer, StringComparison.Ordinal);
        Assert.Contains("[48, 96] are not multiples of 32", error.Message, StringComparison.Ordinal);
        Assert.All(Sides.Model(model).GetSparseLayers(), l => Assert.False(l.Layer.IsReleased));

        // The way out that it names.
        model.ReleaseDense(InferencePrecision.Int8, "fc1");
        model.ReleaseDense();
        string report = Sides.Model(model).GetSparsityReport().ToString();
        Assert.Contains("fc1: released, holds 6,528 bytes as int8, 2:4 compressed (26.56 % of its dense weight)", report, StringComparison.Ordinal);
        Assert.Contains("fc2: released, holds 6,912 bytes as float16, 2:4 compressed (37.50 % of its dense weight)", report, StringComparison.Ordinal);
        using Tensor x = new Samples(1).Tensor(9, In), y = Call(model, x);
        Assert.All(Values.Of(y), v => Assert.True(float.IsFinite(v)));
    });

    [NativeFact]
    public void APrecisionThatDoesNotExistIsRefused() => Gpu.Run(fake, KernelMode.Auto, () =>
    {
        var model = new FirstLayer();
        model.eval();
        Assert.Throws<ArgumentOutOfRangeException>(() => model.ReleaseDense((InferencePrecision)7));
        Assert.False(Sides.Of(model, "fc").IsReleased);
    });

    private static float[] Masked(float[] weight)
    {
        bool[] mask = ReferenceMasks.Forward(weight, Out, In, 2, 4);
        return [.. weight.Select((v, i) => mask[i] ? v : 0)];
    }

    private static double[] Decoded(CudaType type, float[] values)
    {
        (byte[] codes, float[] scales) = QuantizedReference.Rows(type, values, In);
        return [.. codes.Select((code, i) => (double)QuantizedReference.Value(type, code) * scales[i / In])];
    }

    private static double[] Product(double[] weight, double[] input, float[] bias)
    {
        double[] z = new double[input.Length / In * Out];
        for (int i = 0; i < z.Length; i++)
        {
            z[i] = bias[i % Out];
            for (int k = 0; k < In; k++)
            {
                z[i] += weight[(i % Out * In) + k] * input[(i / Out * In) + k];
            }
        }

        return z;
    }

    private static void Release(Module<Tensor, Tensor> model, InferencePrecision precision)
    {
        model.eval();
        Sides.Model(model).ReleaseDense(precision);
    }

    private static Tensor Call(Module<Tensor, Tensor> model, Tensor x)
    {
        using var off = no_grad();
        return model.call(x);
    }
}
