using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;
using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Released;

public sealed class ModuleTreeTests
{
    [Fact]
    public void NestedModels_GoWithTheirParent()
    {
        using var off = no_grad();
        manual_seed(1);
        var model = new SparseNet();
        model.eval();
        Tensor x = new Samples(1).Tensor(2, 5, Block.Width);
        Tensor expected = model.call(x);
        model.ReleaseDense();
        Values.Close(expected, model.call(x), "output");
        Assert.Equal(9, Sides.Model(model).SparseLayers.Count);
        Assert.All(Sides.Model(model).SparseLayers, l => Assert.True(l.Layer.IsReleased));
        Assert.Throws<NMSparseReleasedException>(() => model.train());
        Assert.All(model.modules(), m => Assert.False(m.training));
        Assert.False(model.training);
    }

    [Fact]
    public void AParentWithoutTheAttribute_IsRefusedToo()
    {
        var model = new PlainNet();
        model.eval();
        Block block = model.Blocks[1];
        block.ReleaseDense();
        string name = Assert.Throws<NMSparseReleasedException>(() => model.train()).Layer;
        Assert.StartsWith("BiMaskGen.Integration.Tests.Models.Block.", name, StringComparison.Ordinal);
        Assert.Throws<NMSparseReleasedException>(() => model.state_dict());
        Assert.Throws<NMSparseReleasedException>(() => model.to(ScalarType.Float32));
        Assert.Throws<NMSparseReleasedException>(() => model.save(new MemoryStream()));
    }

    [Fact]
    public void OverridesOfTheUsersOwn_AreCalled_AndTheLayerRefuses()
    {
        var model = new OwnOverrides();
        Inference.Release(model);
        model.Log.Clear();
        Assert.Throws<NMSparseReleasedException>(() => model.train());
        Assert.Throws<NMSparseReleasedException>(() => model.state_dict());
        Assert.Throws<NMSparseReleasedException>(() => model.cpu());
        Assert.Equal(["train(True)", "state_dict"], model.Log);

        // The override hides the emitted one, and a Linear asks nobody below it; what it holds has no memory to convert.
        Assert.Throws<InvalidOperationException>(() => model.to(ScalarType.Float32));
    }

    [Fact]
    public void TiedLayers_AreReleasedTogether_ByEitherName()
    {
        using var off = no_grad();
        var model = new Tied(new Parameter(new Samples(1).Tensor(24, 24)));
        model.eval();
        Tensor x = new Samples(2).Tensor(5, 24);
        double[] expected = new ReferenceStack(model).Forward(x);
        model.ReleaseDense("left");
        Values.Close(expected, model.call(x), "output");
        SparseLayer side = Assert.Single(Sides.Model(model).SparseLayers).Layer;
        Assert.True(side.IsReleased);
        Assert.Equal(new KernelCounters(2, 0, 0, 0, 0), side.Counters);
        Assert.Throws<NMSparseReleasedException>(() => model.Plan[1].Linear.state_dict());
    }

    [Fact]
    public void WeightThatADenseLayerShares_StaysWhereItIs()
    {
        using var off = no_grad();
        var model = new TiedToDense();
        model.eval();
        Tensor x = new Samples(2).Tensor(5, 24);
        Tensor expected = model.call(x);
        var error = Assert.Throws<NMSparseException>(() => model.ReleaseDense());
        Assert.Contains("TiedToDense.sparse", error.Message);
        Assert.Contains("head.weight", error.Message);
        Assert.All(Sides.Model(model).SparseLayers, l => Assert.False(l.Layer.IsReleased));
        Values.Close(expected, model.call(x), "output after the refusal");

        // The layer that shares nothing can go alone.
        model.ReleaseDense("first");
        Values.Close(expected, model.call(x), "output with one layer released");
        Assert.False(model.Head.weight.IsInvalid);
    }

    [Fact]
    public void LayerOfTwoModels_IsReleasedInBoth()
    {
        using var off = no_grad();
        manual_seed(1);
        Linear layer = Linear(20, 12);
        Borrower one = new(layer), two = new(layer);
        Tensor x = new Samples(1).Tensor(5, 20);
        Tensor expected = two.call(x);
        Inference.Release(one);
        Values.Close(expected, two.call(x), "output of the other model");
        Assert.Throws<NMSparseReleasedException>(() => two.train());
        Assert.Throws<NMSparseReleasedException>(() => two.state_dict());
    }

    [Theory]
    [InlineData(KernelMode.Sparse)]
    [InlineData(KernelMode.Auto)]
    public void TwoThreads_GetTheSameBits(KernelMode mode)
    {
        using var kernels = new KernelModeScope(mode);
        Mlp model = Inference.Release(Mlp.Create(1));
        int[] batches = [1, 3, 8, 25, 64];
        float[][] inputs = [.. batches.Select(b => new Samples(b).Array(b * 50))];
        float[][] expected = [.. batches.Select((_, i) => Run(i))];
        ManyThreads.Run(2, thread =>
        {
            for (int round = 0; round < 100; round++)
            {
                int i = (thread + round) % batches.Length;
                Values.SameBits(expected[i], Run(i), $"thread {thread}, round {round}");
            }
        });

        float[] Run(int i)
        {
            using var off = no_grad();
            using var scope = NewDisposeScope();
            return Values.Of(model.call(Values.ToTensor(inputs[i], batches[i], 50)));
        }
    }
}
