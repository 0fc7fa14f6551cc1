using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;
using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Convolutions;

/// <summary>Convolutions in containers, and in classes that a model covers, train as those that are members.</summary>
public sealed class ConvContainerTests : IDisposable
{
    private readonly KernelModeScope _sparse = new(KernelMode.Sparse);

    public static TheoryData<string> Models => ["sequential", "lists", "reaching"];

    public void Dispose() => _sparse.Dispose();

    [Theory]
    [MemberData(nameof(Models))]
    public void EveryStep_IsThatOfTheMaskedConvolutions(string name)
    {
        (Module<Tensor, Tensor> model, Module<Tensor, Tensor> twin) = (Create(name, 1), Create(name, 1));
        using var optimizer = optim.SGD(model.parameters(), 0.05);
        for (int step = 0; step < 8; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            Tensor x = Input(name, step).requires_grad_(), same = x.detach().clone().requires_grad_();
            Tensor y = model.call(x);
            y.square().mean().backward();

            Copy(model, twin);
            (Tensor expected, Tensor decay) = Replay(model, twin, same);
            (expected.square().mean() + decay).backward();
            Values.Close(expected, y, $"y at step {step}");
            Values.Close(same.grad!, x.grad!, $"dX at step {step}");
            foreach (((string key, Parameter mine), (_, Parameter its)) in model.named_parameters().Zip(twin.named_parameters()))
            {
                Values.Close(its.grad!, mine.grad!, $"{key}.grad at step {step}");
                its.grad = null;
            }

            optimizer.step();
        }

        Assert.All(Sides.Model(model).GetSparseLayers(), l => Assert.Equal(8, l.Layer.Counters.ForwardSparse));
        Assert.All(Sides.Model(model).GetSparseLayers(), l => Assert.Equal(7, l.Layer.Step));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void LayersAreListedByTheirKeys_AndSoIsWhatStaysDense(string name)
    {
        Module<Tensor, Tensor> model = Create(name, 1);
        (string[] sparse, (string, string)[] dense) = name switch
        {
            "sequential" => (
                (string[])["net.down", "net.head", "net.inner.0", "net.stem"],
                ((string, string)[])[("net.kept", "[KeepDense]"), ("net.depthwise", "Conv2d is a depthwise convolution")]),
            "lists" => (["byName.a", "byName.b", "rows.0", "rows.1"], []),
            _ => (
                ["head", "stages.0.first", "stages.0.second", "stages.0.shortcut.0", "stages.1.first", "stages.1.second", "stages.1.shortcut.0", "stem"],
                [("stages.0.depthwise", Grouped(12)), ("stages.1.depthwise", Grouped(16))]),
        };
        Assert.Equal(sparse, Sides.Model(model).GetSparseLayers().Select(l => l.Name).Order(StringComparer.Ordinal));
        Assert.Equal(dense, Sides.Model(model).DenseLayers);
        string type = model.GetType().FullName!;
        Assert.All(Sides.Model(model).GetSparseLayers(), l => Assert.Equal(type + "." + l.Name, l.Layer.Name));
        Assert.All(sparse, key => Assert.Contains(key + ".weight", model.state_dict().Keys));
    }

    [Fact]
    public void WhatOnlyTheRunTells_RunsAsFarAsItCan_AndTheReportSaysTheRest()
    {
        manual_seed(3);
        var model = new GivenConvs(Sequential(("a", Conv2d(4, 8, 3)), ("grouped", Conv2d(8, 8, 1, groups: 2))));
        Tensor y = model.call(new Samples(1).Tensor(2, 4, 6, 6));
        Assert.Equal([2L, 8L, 4L, 4L], y.shape);
        Assert.Equal(["net.a"], Sides.Model(model).GetSparseLayers().Select(l => l.Name));
        Assert.Equal(("net.grouped", Grouped(2)), Assert.Single(Sides.Model(model).DenseLayers));
    }

    [Fact]
    public void BlocksThatNobodyCovers_StayDense()
    {
        Create("reaching", 1).call(Input("reaching", 1));
        manual_seed(5);
        var block = new ConvBlock(3, 8);
        Tensor x = Input("reaching", 2);
        Tensor expected = block.Replay(x, (_, layer, input) => layer.call(input));
        Values.SameBits(Values.Of(expected), Values.Of(new ConvUncovered(block).call(x)), "output of the dense block");
    }

    [Fact]
    public void AState_IsSavedAndResumed()
    {
        using var folder = new TempFolder();
        Module<Tensor, Tensor> first = Create("reaching", 1), second = Create("reaching", 2);
        first.call(Input("reaching", 1)).sum().backward();
        Sides.Model(first).SetStep(7);
        Copy(first, second);
        Sides.Model(first).SaveSparseState(folder.File("state"));
        Sides.Model(second).LoadSparseState(folder.File("state"));
        Assert.Equal(8, Sides.Model(first).GetSparseLayers().Count);
        foreach ((string name, SparseLayer layer) in Sides.Model(first).GetSparseLayers())
        {
            Assert.Equal(7, Sides.Of(second, name).Step);
            Assert.Equal(layer.Permutation!, Sides.Of(second, name).Permutation!);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void WithoutItsDenseWeights_AModelComputesTheSame(string name)
    {
        Module<Tensor, Tensor> model = Create(name, 1);
        model.eval();
        using var off = no_grad();
        double[] expected = Values.Doubles(model.call(Input(name, 1)));
        Sides.Model(model).ReleaseDense();
        Values.Close(expected, model.call(Input(name, 1)), "released output");
        Assert.All(Sides.Model(model).GetSparseLayers(), l => Assert.True(l.Layer.IsReleased));
        Assert.Throws<NMSparseReleasedException>(() => model.train());
    }

    private static string Grouped(int groups) =>
        $"groups = {groups}, padding_mode = Zeros: only convolutions with groups = 1 that pad with zeros train sparse";

    private static Module<Tensor, Tensor> Create(string name, int seed)
    {
        manual_seed(seed);
        return name switch
        {
            "sequential" => new ConvSequential(),
            "lists" => new ConvLists(),
            _ => new ConvReaching(),
        };
    }

    private static Tensor Input(string name, int seed) =>
        name == "lists" ? new Samples(seed).Tensor(3, 6, 7) : new Samples(seed).Tensor(3, 3, 6, 6);

    private static void Copy(Module from, Module to)
    {
        using var off = no_grad();
        foreach (((_, Parameter source), (_, Parameter target)) in from.named_parameters().Zip(to.named_parameters()))
        {
            target.copy_(source);
        }
    }

    /// <summary>The twin's forward, and half the decay's squares, with the permutations of the model.</summary>
    private static (Tensor Output, Tensor Decay) Replay(Module<Tensor, Tensor> model, Module<Tensor, Tensor> twin, Tensor x)
    {
        Tensor decay = zeros(1).sum();
        Tensor output = ((IReplayed)twin).Replay(x, (name, layer, input) =>
        {
            SparseLayer side = Sides.Of(model, name);
            var masked = new TorchTwin(side.Pattern.N, side.Pattern.M, side.Permutation!);
            Tensor product = layer is Convolution convolution
                ? masked.Product(convolution, input, side.Options.Grouping == ConvGrouping.Flattened)
                : masked.Product((Linear)layer, input);
            decay = decay + masked.Decay;
            return product;
        });
        return (output, decay);
    }
}
