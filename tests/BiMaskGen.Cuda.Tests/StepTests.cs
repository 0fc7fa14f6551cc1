using BiMaskGen.Cuda.Tests.Models;
using BiMaskGen.Cuda.Tests.Support;
using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Reference.Rules;
using BiMaskGen.Runtime.Tests.Cuda;

namespace BiMaskGen.Cuda.Tests;

/// <summary>Emitted layers on GPU tensors, through handles, torch's stream and the libraries, against masked dense arithmetic in the products' precision.</summary>
[Collection(FakeCudaCollection.Name)]
public sealed class StepTests(FakeCuda fake)
{
    private const int Steps = 7;

    [NativeTheory]
    [InlineData(KernelMode.Sparse, 16)]
    [InlineData(KernelMode.Sparse, 7)]
    [InlineData(KernelMode.Dense, 16)]
    public void MasterWeightsInFloat32ProductsInBFloat16(KernelMode mode, int rows) => Gpu.Run(fake, mode, () =>
    {
        var model = new ReluNet();
        Train(model, Rounding.BF16, new(2, 4), rows, static z => (Math.Max(0, z), z > 0 ? 1 : 0));
        bool sparse = mode == KernelMode.Sparse && rows % 8 == 0;
        Assert.Equal(sparse ? new KernelCounters(Steps, 0, Steps, 0, Steps) : new KernelCounters(0, Steps, 0, Steps, Steps), model.Side.Counters);
    });

    [NativeFact]
    public void ProductsInFloat16() => Gpu.Run(fake, KernelMode.Sparse, () =>
        Train(new GeluNet(), Rounding.F16, new(1, 4), 8, static z => (z * Normal(z), Normal(z) + (z * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI)))));

    [NativeFact]
    public void ProductsInTheWeightsTypeRunMaskedDense() => Gpu.Run(fake, KernelMode.Auto, () =>
    {
        var model = new PlainNet();
        Train(model, Rounding.F32, new(3, 8), 8, static z => (z, 1));
        Assert.Equal(new KernelCounters(0, Steps, 0, Steps, Steps), model.Side.Counters);
    });

    [NativeFact]
    public void WhatTheKernelsDoNotKnowRunsOnTorchsOperators() => Gpu.Run(fake, KernelMode.Auto, () =>
    {
        var model = new ConvolutionNet();
        using Tensor x = new Samples(1).Tensor(8, ConvolutionNet.In, 1, 1).requires_grad_();
        model.call(x).sum().backward();
        Assert.Equal(default, Sides.Of(model, "conv").Counters);
        Assert.Equal(0, fake.Calls("cuLaunchKernel"));
        Assert.Contains("conv: on the GPU by torch's own operators (the CUDA kernels know no convolution)", Sides.Model(model).GetSparsityReport().ToString(), StringComparison.Ordinal);
        float[] w = Values.Of(model.Weight);
        bool[] mask = Integration.Tests.Reference.ReferenceMasks.Forward(w, ConvolutionNet.Out, ConvolutionNet.In, 2, 4);
        double[] expected = new double[ConvolutionNet.In];
        for (int i = 0; i < w.Length; i++)
        {
            expected[i % ConvolutionNet.In] += mask[i] ? w[i] : 0;
        }

        Values.Close([.. Enumerable.Repeat(expected, 8).SelectMany(v => v)], Values.Of(x.grad!), "dX");
    });

    // A plan holds the address of its bias: made anew at each call of the other layer, it would cost more than a small product.
    [NativeFact]
    public void LayersOfOneShapeKeepTheirPlans() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        var model = new EqualNet();
        using var optimizer = optim.SGD(model.parameters(), 0.1);
        long plans = 0;
        for (int step = 0; step < 6; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            model.call(new Samples(step).Tensor(8, EqualNet.Width)).square().mean().backward();
            optimizer.step();
            plans = step == 1 ? fake.Calls("cusparseLtMatmulPlanInit") : plans;
        }

        Assert.NotEqual(0, plans);
        Assert.Equal(plans, fake.Calls("cusparseLtMatmulPlanInit"));
    });

    // Every step starts from the same weights on both sides, so that no difference adds up.
    private static void Train(OneLayer model, Rounding rounding, NMPattern pattern, int rows, Func<double, (double Value, double Slope)> activation)
    {
        Assert.Null(model.Side.Permutation);
        Linear layer = model.Layer;
        var reference = new Support.Reference(rounding, OneLayer.Out, OneLayer.In);
        using var optimizer = optim.SGD(model.parameters(), 0.1);
        int[]? before = null;
        for (int step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            var samples = new Samples(100 + step);
            Tensor x = samples.Tensor(rows, OneLayer.In).requires_grad_(), g = samples.Tensor(rows, OneLayer.Out);
            float[] weight = Values.Of(layer.weight!);
            float[]? bias = layer.bias is { } b ? Values.Of(b) : null;
            optimizer.zero_grad();
            Tensor y = model.call(x);
            y.backward([g]);
            int[] permutation = Assert.IsType<int[]>(model.Side.Permutation);

            // What is found at step 3 holds from half a period on; a search by magnitude waits for the weights instead.
            Assert.True(step == 0 || step % 3 == (model is GeluNet ? 0 : 1) || permutation.SequenceEqual(before!), $"the permutation changed at step {step}");
            before = permutation;
            Assert.Equal(step, model.Side.Step);
            ReferenceOperands operands = new BiMaskRule(pattern.N, pattern.M, 0.25, permutation).At(new(weight, OneLayer.Out, OneLayer.In), step);
            reference.Step(operands, bias, Values.Of(x), Values.Of(g), activation);
            reference.Close(reference.Output, Values.Of(y), $"y at step {step}");
            reference.Close(reference.InputGradient, Values.Of(x.grad!), $"dX at step {step}");
            reference.Close(reference.WeightGradient, Values.Of(layer.weight!.grad!), $"dW at step {step}");
            if (bias is not null)
            {
                reference.Close(reference.BiasGradient, Values.Of(layer.bias!.grad!), $"db at step {step}");
            }

            optimizer.step();
        }
    }

    // Φ by a series whose terms have one sign, so that nothing cancels.
    private static double Normal(double z)
    {
        if (Math.Abs(z) > 12)
        {
            return z > 0 ? 1 : 0;
        }

        double term = z, sum = z;
        for (int k = 1; k < 400; k++)
        {
            term *= z * z / ((2 * k) + 1);
            sum += term;
        }

        return 0.5 + (sum * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI));
    }
}
