using BiMaskGen.Cuda.Tests.Models;
using BiMaskGen.Cuda.Tests.Support;
using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Reference.Rules;
using BiMaskGen.Runtime.Tests.Cuda;

namespace BiMaskGen.Cuda.Tests;

/// <summary>Every method on GPU tensors against its definition, step by step, in the products' precision.</summary>
[Collection(FakeCudaCollection.Name)]
public sealed class MethodTests(FakeCuda fake)
{
    private const int Rows = 16;

    // Steps whose y, and whose dX, run on sparse tensor cores: those at which the operand is N:M along the contraction.
    public static TheoryData<string, int, int> Runs => new()
    {
        { nameof(SteNet), MethodNet.Steps, 0 },
        { nameof(SrSteNet), MethodNet.Steps, 0 },
        { nameof(PlainSrSteNet), 0, 0 },
        { nameof(BdwpNet), MethodNet.Steps, MethodNet.Steps },
        { nameof(MaskDecayNet), 6, 0 },
        { nameof(StructureDecayNet), 4, 0 },
        { nameof(DenseAroundNet), 6, 0 },
        { nameof(DenseAroundBiMaskNet), 6, 6 },
        { nameof(OneOfFourTransposableNet), 0, 0 },
        { nameof(WideStructureDecayNet), 3, 0 },
        { nameof(TransposableNet), MethodNet.Steps, MethodNet.Steps },
        { nameof(DoublePrunedNet), MethodNet.Steps, MethodNet.Steps },
        { nameof(ContinuousNet), MethodNet.Steps, 0 },
    };

    [NativeTheory]
    [MemberData(nameof(Runs))]
    public void EachStepIsTheDefinitions(string name, int sparseForward, int sparseBackward) => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        MethodNet model = MethodNet.Create(name);
        Train(model, name);
        Assert.Equal(
            new KernelCounters(sparseForward, MethodNet.Steps - sparseForward, sparseBackward, MethodNet.Steps - sparseBackward, MethodNet.Steps), model.Side.Counters);
    });

    [NativeTheory]
    [MemberData(nameof(Runs))]
    public void MaskedDenseEachStepIsTheSame(string name, int sparseForward, int sparseBackward) => Gpu.Run(fake, KernelMode.Dense, () =>
    {
        Assert.True(sparseForward >= sparseBackward);
        MethodNet model = MethodNet.Create(name);
        Train(model, name);
        Assert.Equal(new KernelCounters(0, MethodNet.Steps, 0, MethodNet.Steps, MethodNet.Steps), model.Side.Counters);
    });

    // A method without a search never waits; nor does it gather the gradient's columns.
    [NativeFact]
    public void NoStepWaitsForTheGpu() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        fake.SetBusy(true);
        Train(new SteNet(), nameof(SteNet));
        fake.SetBusy(false);
        Assert.Equal(0, fake.Calls("cuEventSynchronize"));
        Assert.Equal(0, fake.Calls("cuStreamSynchronize"));
    });

    [NativeFact]
    public void TheReportSaysWhyAProductIsDense() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        var model = new SteNet();
        Step(model, 0);
        LayerReport report = model.Side.GetReport();
        Assert.Equal((0.5, 1, "2:4"), (report.KeptForward, report.KeptBackward, report.Form));
        Assert.Null(report.CudaRefusal);
        Assert.Equal([("y", KernelKind.SparseCuda), ("dX", KernelKind.MaskedDense)], report.Kernels.Select(k => (k.Product, k.Kernel)));
        Assert.Contains("not N:M along out_features", report.Kernels[1].Reason, StringComparison.Ordinal);
    });

    [NativeFact]
    public void TheReportKnowsTheScheduleAndEvaluationSeesTheNextStep() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        var model = new DenseAroundNet();
        Step(model, 0);
        Assert.Equal((1, 1, "dense"), (model.Side.GetReport().KeptForward, model.Side.GetReport().KeptBackward, model.Side.GetReport().Form));
        Assert.All(model.Side.GetReport().Kernels, k => Assert.Equal("the layer is dense at this step", k.Reason));

        // The weights have moved since, and belong to the step after the layer's.
        using var off = no_grad();
        using Tensor x = ones(Rows, OneLayer.In);
        foreach ((long at, string form) in ((long, string)[])[(1, "dense"), (2, "2:4"), (8, "dense")])
        {
            Sides.Model(model).SetStep(at);
            model.call(x).Dispose();
            Assert.Equal(form, model.Side.GetReport().Form);
            Assert.Equal(at, model.Side.Step);
        }
    });

    private static void Train(MethodNet model, string name)
    {
        for (int step = 0; step < MethodNet.Steps; step++)
        {
            Step(model, step);
            Assert.True(model.Side.Step == step, $"{name}: step {model.Side.Step}, expected {step}");
        }
    }

    // Every step starts from the same weights on both sides, so that no difference adds up.
    private static void Step(MethodNet model, int step)
    {
        using var scope = NewDisposeScope();
        Linear layer = model.Layer;
        Rounding rounding = model.Side.Options.Precision switch { Precision.BFloat16 => Rounding.BF16, Precision.Float16 => Rounding.F16, _ => Rounding.F32 };
        var reference = new Support.Reference(rounding, OneLayer.Out, OneLayer.In);
        var samples = new Samples(100 + step);
        Tensor x = samples.Tensor(Rows, OneLayer.In).requires_grad_(), g = samples.Tensor(Rows, OneLayer.Out);
        float[]? bias = layer.bias is { } b ? Values.Of(b) : null;
        model.zero_grad();
        Tensor y = model.call(x);
        y.backward([g]);
        Assert.True(model is not DenseAroundBiMaskNet || model.Side.Permutation is null == step < 3, $"a search in a dense phase, step {step}");
        ReferenceOperands operands = model.Rule.At(new(Values.Of(layer.weight!), OneLayer.Out, OneLayer.In), step);
        Func<double, (double Value, double Slope)> activation = model is PlainSrSteNet ? z => (z, 1) : z => (Math.Max(0, z), z > 0 ? 1 : 0);
        reference.Step(operands, bias, Values.Of(x), Values.Of(g), activation);
        reference.Close(reference.Output, Values.Of(y), $"y at step {step}");
        reference.Close(reference.InputGradient, Values.Of(x.grad!), $"dX at step {step}");
        reference.Close(reference.WeightGradient, Values.Of(layer.weight!.grad!), $"dW at step {step}");
        if (bias is not null)
        {
            reference.Close(reference.BiasGradient, Values.Of(layer.bias!.grad!), $"db at step {step}");
        }

        using var off = no_grad();
        foreach (Parameter parameter in model.parameters())
        {
            parameter.add_(parameter.grad!, alpha: -0.05);
        }
    }
}
