using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;
using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Convolutions;

/// <summary>What a model with convolutions does beside training: keys, reports, states, decay, inference.</summary>
public sealed class ConvModelTests
{
    private static Tensor Images(int batch, int seed = 1) => new Samples(seed).Tensor(batch, 3, ConvNet.Side, ConvNet.Side);

    [Fact]
    public void KeysAndShapes_AreThoseOfTheDenseModel()
    {
        ConvNet model = ConvNet.Create(1);
        model.call(Images(2)).sum().backward();
        Dictionary<string, Tensor> state = model.state_dict();
        Assert.Equal(
            ["stem.weight", "stem.bias", "grouped.weight", "grouped.bias", "down.weight", "row.weight", "row.bias", "head.weight", "head.bias"], state.Keys);
        Assert.Equal([24L, 16L, 3L, 3L], state["down.weight"].shape);
        Assert.Equal([24L, 16L, 3L, 3L], model.Down.weight.grad!.shape);
    }

    [Fact]
    public void AReport_NamesLayersByTheirWeights_AndWhatStaysDense()
    {
        ConvNet model = ConvNet.Create(1);
        model.call(Images(2)).sum().backward();
        SparsityReport report = Sides.Model(model).GetSparsityReport();
        Assert.Equal(["stem", "down", "row", "head"], report.Layers.Select(l => l.Name));
        Assert.Equal([27, 144, 72, 24], report.Layers.Select(l => l.Report.InFeatures));
        Assert.Equal(2.0 / 3, report.Layers[0].Report.KeptForward!.Value, 12);
        Assert.Equal(0.5, report.Layers[1].Report.KeptForward!.Value, 12);
        Assert.Equal(("grouped", "Conv2d is a grouped convolution (groups 4)"), Assert.Single(report.DenseLayers));
        Assert.All(report.Layers, l => Assert.Equal(1, l.Report.Counters.ForwardSparse + l.Report.Counters.ForwardDense));
        Assert.InRange(report.Layers[1].Report.GradientGap!.Value, 0.01, 1);
    }

    [Fact]
    public void AState_IsSavedAndResumed_AndRefusedByAnotherGrouping()
    {
        // While kernels are tried, two models take them in turns.
        using var kernels = new KernelModeScope(KernelMode.Sparse);
        using var folder = new TempFolder();
        ConvNet first = ConvNet.Create(1), second = ConvNet.Create(1);
        Train(first, 3);
        string path = folder.File("state.json");

        // Reading the state settles the clock; the sidecar is written beside it.
        Dictionary<string, Tensor> weights = first.state_dict();
        Sides.Model(first).SaveSparseState(path);
        second.load_state_dict(weights);
        Sides.Model(second).LoadSparseState(path);
        foreach ((string name, SparseLayer layer) in Sides.Model(first).GetSparseLayers())
        {
            SparseLayer other = Sides.Of(second, name);
            Assert.Equal(layer.Step, other.Step);
            Assert.Equal(layer.Permutation!, other.Permutation!);
        }

        Values.SameBits(Step(first), Step(second), "the next gradient");

        OneConv flat = OneConv.Around("FlatConv", Conv2d(16, 8, 3)), channels = OneConv.Around("BiMaskConv", Conv2d(16, 8, 3));
        Sides.Model(flat).SaveSparseState(path);
        string message = Assert.Throws<NMSparseStateException>(() => Sides.Model(channels).LoadSparseState(path)).Message;
        Assert.Contains("the file's grouping is Flattened, the model's is Channels", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ADecoupledDecay_ShrinksWhatTheNextForwardPrunes(bool onTorchsOperators)
    {
        using MaskedDenseScope? forced = onTorchsOperators ? new MaskedDenseScope() : null;
        manual_seed(4);
        OneConv model = OneConv.Around("DecoupledConv", Conv2d(6, 8, 3, padding: 1));
        using var optimizer = optim.SGD(model.parameters(), 0.05);
        for (int step = 0; step < 3; step++)
        {
            optimizer.zero_grad();
            model.call(new Samples(step).Tensor(2, 6, 5, 5)).square().mean().backward();
            optimizer.step();
            using Tensor x = zeros(1, 6, 5, 5);
            var reference = new ReferenceConv(model, x);
            double[] expected = [.. reference.Weight.Select((w, i) => reference.Forward[i] ? w : w * (1 - (0.05 * 0.5)))];
            Sides.Model(model).DecayPruned(0.05);
            Values.Close(expected, model.Layer.weight, $"W after the decay of step {step}");
        }
    }

    [Theory]
    [InlineData("BiMaskConv", 8)]
    [InlineData("BiMaskConv", 6)]
    [InlineData("FlatConv", 6)]
    public void Densify_WritesTheMasksIntoTheWeight(string name, int channels)
    {
        manual_seed(4);
        OneConv model = OneConv.Around(name, Conv2d(channels, 8, 3, padding: 1));
        using Tensor x = new Samples(1).Tensor(2, channels, 5, 5);
        var reference = new ReferenceConv(model, x);
        Sides.Model(model).Densify();
        Values.Close([.. reference.Weight.Select((w, i) => reference.Forward[i] ? w : 0.0)], model.Layer.weight, "W");
        using var off = no_grad();
        Values.Close(reference.Output, model.call(x), "output afterwards");
    }

    [Fact]
    public void ASampledGradient_IsTheSameOnTorchsOperators()
    {
        float[] native = Gradient();
        using var torchs = new MaskedDenseScope();
        Values.Close(Array.ConvertAll(Gradient(), v => (double)v), native, "sampled dW");

        static float[] Gradient()
        {
            manual_seed(4);
            OneConv model = OneConv.Around("SampledConv", Conv2d(6, 8, 3, padding: 1));
            model.call(new Samples(1).Tensor(3, 6, 5, 5)).square().mean().backward();
            return Values.Of(model.Layer.weight.grad!);
        }
    }

    [Fact]
    public void AMaskThatIsKept_StaysWhileTheWeightMoves()
    {
        manual_seed(4);
        OneConv model = OneConv.Around("DoublePrunedConv", Conv2d(5, 8, 3, padding: 1));
        using Tensor nothing = zeros(1, 5, 5, 5);
        bool[] kept = new ReferenceConv(model, nothing).Forward;
        using var optimizer = optim.SGD(model.parameters(), 0.5);
        for (int step = 0; step < 3; step++)
        {
            optimizer.zero_grad();
            Tensor x = new Samples(step).Tensor(2, 5, 5, 5);
            model.call(x).square().mean().backward();
            float[] gradient = Values.Of(model.Layer.weight.grad!);
            Assert.All(kept.Zip(gradient), pair => Assert.True(pair.First || pair.Second == 0));
            Assert.Contains(kept.Zip(gradient), pair => pair.First && pair.Second != 0);
            optimizer.step();
        }
    }

    [Fact]
    public void WithoutItsDenseWeights_AModelComputesTheSame_AndRefusesTheRest()
    {
        ConvNet model = ConvNet.Create(2);
        Train(model, 2);
        model.eval();
        using var off = no_grad();
        foreach (int batch in (int[])[1, 5])
        {
            ConvNet released = ConvNet.Create(2);
            released.load_state_dict(model.state_dict());
            Inference.Release(released);
            Tensor x = Images(batch, 9);
            Values.Close(model.call(x), released.call(x), $"output of {batch} images");
            Assert.True(Sides.Of(released, "down").IsReleased);
            Assert.Throws<NMSparseReleasedException>(() => released.state_dict());
            Assert.Throws<NMSparseReleasedException>(() => released.train());
            Assert.Throws<NMSparseReleasedException>(() => Plain(released.Down, zeros(1, 16, 5, 5)));
            Assert.Throws<NMSparseShapeException>(() => released.call(zeros(1, 4, 6, 6)));
        }
    }

    [Fact]
    public void APackedCheckpoint_HasConvolutionsDense_AndLoads()
    {
        using var files = new PackedFiles();
        ConvNet model = ConvNet.Create(3), loaded = ConvNet.Create(4);
        files.SaveDense(model);
        loaded.eval();
        Sides.Model(loaded).LoadSparse(files.Sparsify([new("head.weight", new NMPattern(2, 4))]));
        Assert.True(Sides.Of(loaded, "head").IsReleased);
        Assert.False(Sides.Of(loaded, "down").IsReleased);
        using var off = no_grad();
        model.eval();
        Values.Close(model.call(Images(3)), loaded.call(Images(3)), "output");
    }

    [Fact]
    public void Hooks_SeeTheLayersOwnOutput()
    {
        using var off = no_grad();
        ConvNet model = ConvNet.Create(5);
        Tensor x = Images(2), plain = model.call(x);
        float lowest = 1;
        model.Stem.register_forward_hook((_, _, y) =>
        {
            lowest = y.min().item<float>();
            return y;
        });
        Values.Close(plain, model.call(x), "output with a hook");
        Assert.True(lowest < 0, $"{lowest}: relu was applied before the hook.");
    }

    private static void Train(ConvNet model, int steps)
    {
        using var optimizer = optim.SGD(model.parameters(), 0.1);
        for (int step = 0; step < steps; step++)
        {
            optimizer.zero_grad();
            model.call(Images(4, step)).square().mean().backward();
            optimizer.step();
        }
    }

    private static float[] Step(ConvNet model)
    {
        model.zero_grad();
        model.call(Images(4, 77)).square().mean().backward();
        return Values.Of(model.Down.weight.grad!);
    }

    // Not redirected: a call of whatever module it is given.
    private static Tensor Plain(Module<Tensor, Tensor> module, Tensor x) => module.call(x);
}
