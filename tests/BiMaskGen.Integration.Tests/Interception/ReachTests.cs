using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;
using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Interception;

public sealed class ReachTests : IDisposable
{
    private readonly KernelModeScope _sparse = new(KernelMode.Sparse);
    private readonly Tensor _x = new Samples(1).Tensor(5, 16);

    public void Dispose() => _sparse.Dispose();

    [Fact]
    public void EveryLayerBelow_RunsSparse_AsTheReferenceSays()
    {
        ReachingModel model = Create();
        using var optimizer = optim.SGD(model.parameters(), 0.01);
        for (int step = 0; step < 4; step++)
        {
            model.zero_grad();
            Tensor x = new Samples(step).Tensor(5, 16);
            Tensor y = model.call(x);
            (y * y).sum().backward();
            var reference = Reference(model);
            double[] output = Forward(reference, x);
            Values.Close(output, y, $"output of step {step}");
            Backward(reference, output);
            for (int i = 0; i < reference.Count; i++)
            {
                reference[i].AddDecay();
                Values.Close(reference[i].WeightGradient, model.Plan[i].Linear.weight.grad, $"{model.Plan[i].Name}.weight.grad of step {step}");
            }

            optimizer.step();
        }

        Assert.All(Sides.Model(model).GetSparseLayers(), l => Assert.Equal(4, l.Layer.Counters.ForwardSparse));
    }

    [Fact]
    public void LayersAreListedByTheirKeys_AndKeysAreThoseOfTheDenseModel()
    {
        ReachingModel model = Create();
        string[] expected = [.. model.Plan.Where(l => l.M > 0).Select(l => l.Name).Order(StringComparer.Ordinal)];
        Assert.Equal(expected, Sides.Model(model).GetSparseLayers().Select(l => l.Name).Order(StringComparer.Ordinal));
        string[] keys = [.. model.state_dict().Keys];
        Assert.Equal(2 * model.Plan.Count, keys.Length);
        Assert.All(model.Plan, l => Assert.Contains(l.Name + ".weight", keys));
        Assert.Equal(typeof(ReachingModel).FullName + ".blocks.0.inner.up", Sides.Of(model, "blocks.0.inner.up").Name);
        Assert.Equal("1:4", Sides.Of(model, "net.2.own").Pattern.ToString());
        Assert.Contains(("single.gate", "[KeepDense]"), Sides.Model(model).DenseLayers);
    }

    [Fact]
    public void BlockOfTheSameClass_UnderAModelWithoutTheAttribute_StaysDense()
    {
        ReachingModel covered = Create();
        var plain = new PlainModel(new Perceptron(16));
        double[] expected = plain.Block.Plan("", 0, 0).Aggregate(
            Values.Doubles(_x), (x, layer) => new ReferenceLinear(layer, null).Forward(x, 5));
        Values.Close(expected, plain.call(_x), "output of the dense block");
        Values.Close(Forward(Reference(covered.Single.Plan("", 2, 4)), _x), covered.Single.call(_x), "output of the covered block");

        // Also when it was called before a model that covers blocks was there.
        Create();
        Values.Close(expected, plain.call(_x), "output of the dense block");
    }

    [Fact]
    public void BlockThatIsAddedLater_IsCovered()
    {
        ReachingModel model = Create();
        model.call(_x);
        var late = new Perceptron(16);
        model.Blocks.Add(late);
        Values.Close(Forward(Reference(late.Plan("", 2, 4)), _x), late.call(_x), "output of the late block");
        Assert.Equal(1, Sides.Of(model, "blocks.2.up").Counters.ForwardSparse);
    }

    [Fact]
    public void BlockThatWasDenseBefore_IsCoveredOnceItsModelIsMade()
    {
        var block = new Perceptron(16);
        block.call(_x);
        ReachingModel model = Create();
        model.Blocks[1] = block;
        Assert.Contains(Sides.Model(model).GetSparseLayers(), l => l.Name == "blocks.1.up");
        Values.Close(Forward(Reference(block.Plan("", 2, 4)), _x), block.call(_x), "output of the block");
    }

    [Fact]
    public void LayerOfABlock_CalledFromItsModel_IsCovered()
    {
        ReachingModel model = Create();
        double[] expected = new ReferenceLinear(model.Single.Plan("", 2, 4)[0] with { Activation = Act.None }, null).Forward(Values.Doubles(_x), 5);
        Values.Close(expected, model.Inside(_x), "output of the layer");
    }

    [Fact]
    public void LayersOfABaseClassWithoutTheAttribute_AreCovered()
    {
        manual_seed(3);
        var model = new InheritingModel();
        Values.Close(Forward(Reference(model.Plan), _x), model.call(_x), "output");
        Assert.Equal(["inherited", "own"], Sides.Model(model).GetSparseLayers().Select(l => l.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void StateOfCoveredLayers_IsSavedAndLoaded_AndALoadIsNoStep()
    {
        using var folder = new TempFolder();
        ReachingModel model = Create();
        model.call(_x).sum().backward();
        model.load_state_dict(Create(seed: 8).state_dict());
        model.call(_x).sum().backward();
        Assert.All(Sides.Model(model).SparseLayers, l => Assert.Equal(0, l.Layer.Step));
        Sides.Model(model).SetStep(7);
        Sides.Model(model).SaveSparseState(folder.File("state"));
        ReachingModel other = Create();
        Sides.Model(other).LoadSparseState(folder.File("state"));
        Assert.All(Sides.Model(other).SparseLayers, l => Assert.Equal(7, l.Layer.Step));
        Assert.All(Sides.Model(other).SparseLayers, l => Assert.Equal(Sides.Of(model, l.Name).Permutation, l.Layer.Permutation));
    }

    [Fact]
    public void CoveredLayers_CanBeReleased()
    {
        ReachingModel model = Create();
        model.eval();
        using var off = no_grad();
        double[] expected = Values.Doubles(model.call(_x));
        Sides.Model(model).ReleaseDense();
        Values.Close(expected, model.call(_x), "released output");
        Assert.Throws<NMSparseReleasedException>(() => model.train());
    }

    [Fact]
    public void BlocksDoNotKeepTheirModelAlive_NorTheModelItsBlocks()
    {
        (WeakReference model, WeakReference block) = Abandoned(_x);
        for (int i = 0; i < 10 && (model.IsAlive || block.IsAlive); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(model.IsAlive);
        Assert.False(block.IsAlive);
    }

    [Fact]
    public void ManyThreads_MeetAnUnknownBlockAtOnce()
    {
        ReachingModel model = Create();
        var late = new Perceptron(16);
        model.Blocks.Add(late);
        double[] expected = Forward(Reference(late.Plan("", 2, 4)), _x);
        ManyThreads.Run(4, _ =>
        {
            using var off = no_grad();
            Values.Close(expected, late.call(_x), "output");
        });
        Assert.Equal(4, Sides.Of(model, "blocks.2.down").Counters.ForwardSparse);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static (WeakReference Model, WeakReference Block) Abandoned(Tensor x)
    {
        ReachingModel model = Create();
        using var scope = NewDisposeScope();
        using var off = no_grad();
        model.call(x);
        return (new WeakReference(model), new WeakReference(model.Single));
    }

    private static ReachingModel Create(int seed = 3)
    {
        manual_seed(seed);
        return new ReachingModel();
    }

    private static IReadOnlyList<ReferenceLinear> Reference(IReadOnlyList<StackLayer> plan) => [.. plan.Select(layer => new ReferenceLinear(layer, null))];

    private static IReadOnlyList<ReferenceLinear> Reference(ReachingModel model) =>
    [
        .. model.Plan.Select(layer => layer.M == 0
            ? new ReferenceLinear(layer, null)
            : new ReferenceLinear(layer, Sides.Of(model, layer.Name).Permutation, Sides.Of(model, layer.Name).Step)),
    ];

    private static double[] Forward(IReadOnlyList<ReferenceLinear> layers, Tensor x) =>
        layers.Aggregate(Values.Doubles(x), (current, layer) => layer.Forward(current, (int)x.shape[0]));

    private static void Backward(IReadOnlyList<ReferenceLinear> layers, double[] output) =>
        layers.Reverse().Aggregate(Array.ConvertAll(output, v => 2 * v), static (g, layer) => layer.Backward(g, g.Length / layer.Out));
}
