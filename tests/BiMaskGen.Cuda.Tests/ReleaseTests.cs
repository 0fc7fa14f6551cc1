using BiMaskGen.Cuda.Tests.Models;
using BiMaskGen.Cuda.Tests.Support;
using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Reference.Rules;
using BiMaskGen.Integration.Tests.Reference;
using BiMaskGen.Runtime.Tests.Checkpoints;
using BiMaskGen.Runtime.Tests.Cuda;

namespace BiMaskGen.Cuda.Tests;

/// <summary>Giving up the dense weights of layers on a GPU: outputs stay, memory goes, everything else is refused.</summary>
[Collection(FakeCudaCollection.Name)]
public sealed class ReleaseTests(FakeCuda fake)
{
    private static readonly Dictionary<string, Action<WideNet, TempFolder>> s_forbidden = new()
    {
        ["save"] = (model, folder) => model.save(folder["new.dat"]),
        ["state_dict"] = (model, _) => model.state_dict(),
        ["load"] = (model, folder) => model.load(folder["weights.dat"]),
        ["train"] = (model, _) => model.train(),
        ["to type"] = (model, _) => model.to(ScalarType.BFloat16),
        ["forward that wants dX"] = (model, _) => model.call(new Samples(1).Tensor(4, TwoLayers.In).requires_grad_()),
        ["saving the sparse state"] = (model, folder) => model.SaveSparseState(folder["new.json"]),
        ["Densify"] = (model, _) => model.Densify(),
    };

    public static TheoryData<string> Operations => [.. s_forbidden.Keys];

    [NativeTheory]
    [InlineData(16)]
    [InlineData(7)]
    [InlineData(1)]
    public void OutputsAreThoseOfTheMaskedWeightsInTheProductsType(int rows) => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        var model = new ReluNet();
        using Tensor x = new Samples(1).Tensor(rows, OneLayer.In);
        float[] weight = Values.Of(model.Layer.weight!), bias = Values.Of(model.Layer.bias!);
        Release(model);
        using Tensor y = Call(model, x);
        Reference reference = new(Rounding.BF16, OneLayer.Out, OneLayer.In);
        reference.Step(new BiMaskRule(2, 4, 0, [.. Enumerable.Range(0, OneLayer.Out)]).At(new(weight, OneLayer.Out, OneLayer.In), 0), bias, Values.Of(x), new float[rows * OneLayer.Out], static z => (Math.Max(0, z), 1));
        reference.Close(reference.Output, Values.Of(y), "y");
        Assert.Equal(1, fake.Calls("cusparseLtMatmul"));
        Assert.Equal(new KernelCounters(1, 0, 0, 0, 0), model.Side.Counters);
    });

    [NativeFact]
    public void TheDenseWeightIsGoneAndTheReportHasTheBytes() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        var model = new ReluNet();
        Tensor weight = model.Layer.weight!;
        Release(model);
        Assert.True(weight.IsInvalid);
        Assert.True(model.Side.IsReleased);
        LayerReport report = model.Side.GetReport();

        // The fake keeps a byte for the place of each kept weight; cuSPARSELt two bits.
        long kept = OneLayer.In * OneLayer.Out / 2;
        Assert.Equal((3 * kept, 4L * OneLayer.In * OneLayer.Out), (report.ReleasedBytes, report.ReleasedDenseBytes));
        Assert.Equal(0.5, report.KeptForward);
        Assert.Contains(
            "fc: released, holds 2,304 bytes as bfloat16, 2:4 compressed (37.50 % of its dense weight)", Sides.Model(model).GetSparsityReport().ToString(), StringComparison.Ordinal);

        // Nothing but that is left on the GPU of what training had there.
        Assert.Equal("1 Memory", string.Join(", ", fake.Live().Split(", ").Where(l => l.EndsWith(" Memory", StringComparison.Ordinal))));
    });

    [NativeFact]
    public void ALayerThatIsNo24OperandKeepsItsMaskedWeightAndSaysWhy() => Gpu.Run(fake, KernelMode.Auto, () =>
    {
        var model = new PlainNet();
        using Tensor x = new Samples(1).Tensor(5, OneLayer.In);
        using Tensor before = Call(model, x);
        Release(model);
        using Tensor y = Call(model, x);
        Values.Close(before, y, "y");
        Assert.Contains(
            "fc: released, holds 6,144 bytes as float32, masked dense: 3:8 is no legal 2:4 operand (100.00 % of its dense weight)",
            Sides.Model(model).GetSparsityReport().ToString(),
            StringComparison.Ordinal);
    });

    [NativeFact]
    public void OtherMethodsRunOnTensorCoresToo() => Gpu.Run(fake, KernelMode.Auto, () =>
    {
        var model = new SoftNet();
        using Tensor x = new Samples(1).Tensor(8, OneLayer.In);
        model.call(x).sum().backward();
        using Tensor before = Call(model, x);
        long products = fake.Calls("cusparseLtMatmul");
        Release(model);
        using Tensor y = Call(model, x);
        new Reference(Rounding.BF16, OneLayer.Out, OneLayer.In).Close(Values.Doubles(before), Values.Of(y), "y");
        Assert.Equal(products + 1, fake.Calls("cusparseLtMatmul"));
    });

    // Masks that are kept, on the GPU or not, schedules at their end, scales: what forward multiplied last is what stays, whatever a state_dict says in between.
    [NativeTheory]
    [InlineData(nameof(SteNet))]
    [InlineData(nameof(SrSteNet))]
    [InlineData(nameof(PlainSrSteNet))]
    [InlineData(nameof(BdwpNet))]
    [InlineData(nameof(MaskDecayNet))]
    [InlineData(nameof(StructureDecayNet))]
    [InlineData(nameof(WideStructureDecayNet))]
    [InlineData(nameof(TransposableNet))]
    [InlineData(nameof(OneOfFourTransposableNet))]
    [InlineData(nameof(DoublePrunedNet))]
    [InlineData(nameof(ContinuousNet))]
    public void EveryMethodIsReleasedAsItTrained(string name) => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        using var folder = new TempFolder();
        MethodNet model = MethodNet.Create(name);
        for (int step = 0; step < MethodNet.Steps + 2; step++)
        {
            Drive.Train(model, step);
        }

        model.eval();
        using Tensor x = new Samples(1).Tensor(8, OneLayer.In);
        using Tensor before = Call(model, x);
        model.save(folder["weights.dat"]);
        Release(model);
        using Tensor y = Call(model, x);
        new Reference(name is nameof(SrSteNet) or nameof(DoublePrunedNet) ? Rounding.F16 : Rounding.BF16, OneLayer.Out, OneLayer.In).Close(Values.Doubles(before), Values.Of(y), "y");
    });

    [NativeFact]
    public void AModelWhoseScheduleEndsDenseIsRefused() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        MethodNet model = MethodNet.Create(nameof(DenseAroundNet));
        for (int step = 0; step < MethodNet.Steps; step++)
        {
            Drive.Train(model, step);
        }

        Assert.Contains("the layer is dense, not 2:4", Assert.Throws<NMSparseException>(() => Release(model)).Message, StringComparison.Ordinal);
        Assert.False(model.Side.IsReleased);
    });

    [NativeTheory]
    [MemberData(nameof(Operations))]
    public void WhatNeedsTheDenseWeightIsRefusedAndChangesNothing(string operation) => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        using var folder = new TempFolder();
        var model = new WideNet();
        model.save(folder["weights.dat"]);
        using Tensor x = new Samples(1).Tensor(8, TwoLayers.In);
        Release(model);
        using Tensor before = Call(model, x);
        NMSparseReleasedException error = Assert.Throws<NMSparseReleasedException>(() => s_forbidden[operation](model, folder));
        Assert.EndsWith(".fc1", error.Layer, StringComparison.Ordinal);
        Assert.False(model.training);
        using Tensor y = Call(model, x);
        Values.SameBits(Values.Of(before), Values.Of(y), "y");
        Assert.Single(folder.Files);
    });

    // An evaluation and a release between steps, a state_dict before it: none of that is a step, and weights are those of the last one.
    [NativeFact]
    public void AModelThatTrainedOnTheGpuIsReleasedAsItStands() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        using var folder = new TempFolder();
        var model = new WideNet();
        for (int step = 0; step < 3; step++)
        {
            Train(model, step);
        }

        model.eval();
        using Tensor x = new Samples(1).Tensor(8, TwoLayers.In);
        using Tensor before = Call(model, x);
        model.save(folder["weights.dat"]);
        long[] steps = [.. Sides.Model(model).GetSparseLayers().Select(l => l.Layer.Step)];
        Assert.Equal([3, 3], steps);
        Release(model);
        using Tensor y = Call(model, x);
        Values.SameBits(Values.Of(before), Values.Of(y), "y");
        Assert.Equal(steps, Sides.Model(model).GetSparseLayers().Select(l => l.Layer.Step));
    });

    [NativeFact]
    public void ARefusedReleaseIsNoStepAndLeavesAllLayersAsTheyWere() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        var model = new WideNet();
        Train(model, 0);
        Train(model, 1);
        using (no_grad())
        {
            model.Second.weight!.select(0, 0).fill_(float.NaN);
        }

        model.eval();
        Assert.Contains("weight[0, 0]", Assert.Throws<NMSparseValueException>(() => model.ReleaseDense()).Message, StringComparison.Ordinal);
        Assert.All(Sides.Model(model).GetSparseLayers(), l => Assert.False(l.Layer.IsReleased));
        using (no_grad())
        {
            model.Second.weight!.fill_(0.25f);
        }

        model.train();
        Train(model, 2);
        Assert.Equal(2, Sides.Of(model, "fc1").Step);
        Assert.Equal(2, Sides.Of(model, "fc2").Step);
    });

    [NativeFact]
    public void AWeightThatIsInfiniteInFloat16IsRefusedBeforeAnythingIsReleased() => Gpu.Run(fake, KernelMode.Auto, () =>
    {
        var model = new HalfFittingNet();
        using (no_grad())
        {
            model.Second.weight!.select(0, 3).fill_(-70000f);
        }

        model.eval();
        NMSparseValueException error = Assert.Throws<NMSparseValueException>(() => model.ReleaseDense());
        Assert.Contains("weight[3, 0] of [48, 96] is -70000, which is infinite in float16", error.Message, StringComparison.Ordinal);
        Assert.All(Sides.Model(model).GetSparseLayers(), l => Assert.False(l.Layer.IsReleased));
    });

    [NativeFact]
    public void ABiasThatIsChangedAfterwardsIsSeen() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        var model = new WideNet();
        Release(model);
        using Tensor x = new Samples(1).Tensor(8, TwoLayers.In);
        using Tensor before = Call(model, x);
        using (no_grad())
        {
            model.Second.bias!.add_(2);
        }

        using Tensor y = Call(model, x);
        new Reference(Rounding.BF16, 1, 1).Close([.. Values.Doubles(before).Select(v => v + 2)], Values.Of(y), "y");
    });

    [NativeFact]
    public void InputThatItDoesNotTakeIsNamed() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        var model = new WideNet();
        Release(model);
        using var off = no_grad();
        Assert.Contains("Int64", Assert.Throws<NMSparseTypeException>(() => model.call(zeros(4, TwoLayers.In, dtype: ScalarType.Int64))).Message, StringComparison.Ordinal);
        Assert.Contains("[4, 63]", Assert.Throws<NMSparseShapeException>(() => model.call(zeros(4, 63))).Message, StringComparison.Ordinal);
        using Tensor none = model.call(zeros(0, TwoLayers.In));
        Assert.Equal([0, TwoLayers.Out], none.shape);
    });

    [NativeFact]
    public void AConvolutionIsRefusedAndOtherLayersGoByName() => Gpu.Run(fake, KernelMode.Auto, () =>
    {
        var model = new ConvNet();
        model.eval();
        NMSparseTypeException error = Assert.Throws<NMSparseTypeException>(() => model.ReleaseDense());
        Assert.EndsWith(".conv", error.Layer, StringComparison.Ordinal);
        Assert.Contains("ReleaseDense(\"fc1\")", error.Message, StringComparison.Ordinal);
        model.ReleaseDense("fc");
        Assert.True(Sides.Of(model, "fc").IsReleased);
        Assert.False(Sides.Of(model, "conv").IsReleased);
    });

    [NativeFact]
    public void WithTorchsKernelsNothingIsReleased() => Gpu.Run(fake, KernelMode.Torch, () =>
    {
        var model = new ReluNet();
        model.eval();
        Assert.Contains("BIMASK_KERNEL=torch", Assert.Throws<NMSparseTypeException>(() => model.ReleaseDense()).Message, StringComparison.Ordinal);
    });

    private static void Release(Module<Tensor, Tensor> model)
    {
        model.eval();
        Sides.Model(model).ReleaseDense();
    }

    private static Tensor Call(Module<Tensor, Tensor> model, Tensor x)
    {
        using var off = no_grad();
        return model.call(x);
    }

    private static void Train(TwoLayers model, int step)
    {
        model.zero_grad();
        using (NewDisposeScope())
        {
            model.call(new Samples(50 + step).Tensor(8, TwoLayers.In)).sum().backward();
        }

        using var off = no_grad();
        foreach (Parameter parameter in model.parameters())
        {
            parameter.add_(parameter.grad!, alpha: -0.01);
        }
    }
}
