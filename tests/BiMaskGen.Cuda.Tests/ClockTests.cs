using BiMaskGen.Cuda.Tests.Models;
using BiMaskGen.Cuda.Tests.Support;
using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Reference;
using BiMaskGen.Runtime.Tests.Checkpoints;
using BiMaskGen.Runtime.Tests.Cuda;
using static BiMaskGen.Cuda.Tests.Support.Drive;

namespace BiMaskGen.Cuda.Tests;

/// <summary>What a layer on a GPU knows of its weights: torch's version tells it when they changed, and a file carries that to another process.</summary>
[Collection(FakeCudaCollection.Name)]
public sealed class ClockTests(FakeCuda fake)
{
    private const double Decay = 0.25;

    [NativeFact]
    public void WithTheSameWeightsMasksAreMadeOnce() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        var model = new ReluNet();
        Forward(model, 1);
        long launches = fake.Calls("cusparseLtSpMMACompress2");
        for (int i = 0; i < 4; i++)
        {
            Forward(model, i);
        }

        Assert.Equal(launches, fake.Calls("cusparseLtSpMMACompress2"));
        Assert.Equal(0, model.Side.Step);
    });

    [NativeFact]
    public void AnEditInPlaceIsSeen() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        var model = new ReluNet();
        using (no_grad())
        {
            using Tensor x = eye(OneLayer.In);
            _ = model.call(x);
            model.Layer.bias!.zero_();
            model.Layer.weight!.mul_(-2);
            using Tensor y = model.call(x);
            float[] w = Values.Of(model.Layer.weight!), product = Values.Of(y);
            bool[] mask = ReferenceMasks.Forward(w, OneLayer.Out, OneLayer.In, 2, 4);
            for (int i = 0; i < w.Length; i++)
            {
                float expected = mask[i] ? Math.Max(0, w[i]) : 0;
                Assert.InRange(product[(i % OneLayer.In * OneLayer.Out) + (i / OneLayer.In)], expected * 0.99f, expected * 1.01f);
            }
        }
    });

    [NativeFact]
    public void AccumulatedGradientsDecayOnce() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        var model = new PlainNet();
        Tensor weight = model.Layer.weight!;
        Backward(model, 1);
        double[] once = Values.Doubles(weight.grad!);
        Backward(model, 1);
        bool[] mask = ReferenceMasks.Forward(Values.Of(weight), OneLayer.Out, OneLayer.In, 3, 8);
        float[] w = Values.Of(weight);
        Values.Close([.. once.Select((g, i) => (2 * g) - (mask[i] ? 0 : Decay * w[i]))], weight.grad, "the second gradient has no decay");
        Assert.Equal(0, model.Side.Step);

        using (no_grad())
        {
            weight.add_(weight.grad!, alpha: -0.1);
        }

        Backward(model, 2);
        Assert.Equal(1, model.Side.Step);
    });

    // Before and after the optimizer's step: the file has to say whether the weights in the checkpoint were seen.
    [NativeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void AResumedRunGoesOnBitForBit(bool afterStep) => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        using var folder = new TempFolder();
        ReluNet run = new(), resumed = new();
        for (int step = 0; step < 4; step++)
        {
            Train(run, step);
        }

        if (!afterStep)
        {
            Backward(run, 4);
            Step(run);
            Forward(run, 5);
        }

        run.save(folder["model.dat"]);
        Sides.Model(run).SaveSparseState(folder["sparse.json"]);
        resumed.load(folder["model.dat"]);
        Sides.Model(resumed).LoadSparseState(folder["sparse.json"]);
        Assert.Equal(run.Side.Step, resumed.Side.Step);
        for (int step = 5; step < 12; step++)
        {
            Train(run, step);
            Train(resumed, step);
            Assert.Equal(run.Side.Step, resumed.Side.Step);
            Assert.Equal(run.Side.Permutation, resumed.Side.Permutation);
        }

        Values.SameParameters(run, resumed, "after the resumed run");
    });

    [NativeFact]
    public void ALoadIsNoStep() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        using var folder = new TempFolder();
        ReluNet model = new(), other = new();
        other.save(folder["other.dat"]);
        Train(model, 0);
        Train(model, 1);
        Forward(model, 2);
        long step = model.Side.Step;
        model.load(folder["other.dat"]);
        Forward(model, 3);
        Assert.Equal(step, model.Side.Step);
        Values.SameParameters(other, model, "after the load");
    });

    [NativeFact]
    public void AWeightThatIsNotANumberIsToldAtTheNextForward() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        var model = new ReluNet();
        using (no_grad())
        {
            model.Layer.weight!.fill_(float.NaN);
        }

        Forward(model, 1);
        NMSparseValueException error = Assert.Throws<NMSparseValueException>(() => Forward(model, 1));
        Assert.Contains("NaN or infinity", error.Message, StringComparison.Ordinal);
        using (no_grad())
        {
            model.Layer.weight!.fill_(0.5f);
        }

        Forward(model, 1);
    });

    [NativeFact]
    public void AKeptGraphRunsAgainUntilTheWeightsMoveOn() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        var model = new ReluNet();
        using Tensor x = new Samples(1).Tensor(8, OneLayer.In).requires_grad_();
        using Tensor loss = model.call(x).sum();
        loss.backward(retain_graph: true);
        double[] once = Values.Doubles(x.grad!);
        loss.backward(retain_graph: true);
        Values.Close([.. once.Select(v => 2 * v)], x.grad, "dX twice");

        Step(model);
        Forward(model, 2);
        loss.backward();
        Assert.All(Values.Of(x.grad!), v => Assert.True(float.IsNaN(v)));
        Assert.EndsWith(".fc", Assert.Throws<NMSparseBackwardException>(() => Forward(model, 2)).Layer, StringComparison.Ordinal);
    });

    [NativeFact]
    public void TheReportTellsWhatRan() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        var model = new ReluNet();
        Train(model, 0);
        Forward(model, 1);
        LayerReport report = model.Side.GetReport();
        Assert.Equal(0.5, report.KeptForward);
        int[] permutation = model.Side.Permutation!;
        bool[] forward = ReferenceMasks.Forward(Values.Of(model.Layer.weight!), OneLayer.Out, OneLayer.In, 2, 4);
        bool[] backward = ReferenceMasks.Backward(Values.Of(model.Layer.weight!), forward, OneLayer.Out, OneLayer.In, 2, 4, permutation);
        Assert.Equal(backward.Count(b => b) / (double)forward.Count(b => b), report.KeptBackward);
        Assert.Equal([("y", KernelKind.SparseCuda), ("dX", KernelKind.SparseCuda)], report.Kernels.Select(k => (k.Product, k.Kernel)));
        Assert.All(report.Kernels, k => Assert.Equal("BIMASK_KERNEL=sparse", k.Reason));
    });

    [Fact]
    public void WithoutCudaALayerOnAGpuSaysWhatIsMissing()
    {
        PretendGpu.IsOn = true;
        try
        {
            var model = new ReluNet();
            using Tensor x = ones(8, OneLayer.In);
            NMSparseNoCudaException error = Assert.Throws<NMSparseNoCudaException>(() => model.call(x));
            Assert.Contains("BIMASK_KERNEL=torch", error.Message, StringComparison.Ordinal);
            Assert.Contains("bimask doctor", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            PretendGpu.IsOn = false;
        }
    }

    [Fact]
    public void ByTorchsOperatorsItNeedsNothing()
    {
        KernelMode before = KernelPolicy.Mode;
        (PretendGpu.IsOn, KernelPolicy.Mode) = (true, KernelMode.Torch);
        try
        {
            var model = new PlainNet();
            using Tensor x = eye(OneLayer.In);
            using Tensor y = model.call(x).t().contiguous();
            float[] w = Values.Of(model.Layer.weight!);
            bool[] mask = ReferenceMasks.Forward(w, OneLayer.Out, OneLayer.In, 3, 8);
            Values.Close([.. w.Select((v, i) => mask[i] ? (double)v : 0)], y, "W ⊙ Mf");
        }
        finally
        {
            (PretendGpu.IsOn, KernelPolicy.Mode) = (false, before);
        }
    }
}
