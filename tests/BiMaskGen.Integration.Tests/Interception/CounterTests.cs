using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;
using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Interception;

public sealed class CounterTests : IDisposable
{
    private readonly KernelModeScope _sparse = new(KernelMode.Sparse);

    public void Dispose() => _sparse.Dispose();

    [Fact]
    public void EveryProductOfTraining_RanOnPackedWeights()
    {
        Mlp model = Mlp.Create(1);
        using var optimizer = optim.SGD(model.parameters(), 0.01);
        for (int step = 0; step < 5; step++)
        {
            Backward(model, new Samples(step).Tensor(6, 50));
            optimizer.step();
        }

        Assert.Equal(new KernelCounters(5, 0, 0, 0, 5), Sides.Of(model, "fc1").Counters);
        Assert.Equal(new KernelCounters(5, 0, 5, 0, 5), Sides.Of(model, "fc2").Counters);
        Assert.Equal(["fc1", "fc2"], Sides.Model(model).GetSparseLayers().Select(l => l.Name));
    }

    [Fact]
    public void DenseMode_RunsTheMaskedProduct()
    {
        using var dense = new KernelModeScope(KernelMode.Dense);
        Mlp model = Mlp.Create(1);
        Backward(model, new Samples(1).Tensor(6, 50));
        Assert.Equal(new KernelCounters(0, 1, 0, 1, 1), Sides.Of(model, "fc2").Counters);
    }

    [Fact]
    public void InputThatNeedsAGradient_GetsOne()
    {
        Mlp model = Mlp.Create(1);
        Backward(model, new Samples(1).Tensor(6, 50).requires_grad_());
        Assert.Equal(new KernelCounters(1, 0, 1, 0, 1), Sides.Of(model, "fc1").Counters);
    }

    [Fact]
    public void FrozenWeight_HasNoGradientComputed()
    {
        Mlp model = Mlp.Create(1);
        model.Fc2.weight.requires_grad = false;
        Backward(model, new Samples(1).Tensor(6, 50));
        Assert.Equal(new KernelCounters(1, 0, 1, 0, 0), Sides.Of(model, "fc2").Counters);
        Assert.Null(model.Fc2.weight.grad);
        Assert.NotNull(model.Fc2.bias!.grad);
        Assert.NotNull(model.Fc1.weight.grad);
    }

    [Fact]
    public void Evaluation_RunsForwardAlone()
    {
        Mlp model = Mlp.Create(1);
        model.eval();
        using var off = no_grad();
        Assert.False(model.call(new Samples(1).Tensor(6, 50)).requires_grad);
        Assert.Equal(new KernelCounters(1, 0, 0, 0, 0), Sides.Of(model, "fc2").Counters);
    }

    [Fact]
    public void EveryWayToHoldAndCallALayer_IsRedirected()
    {
        manual_seed(2);
        var model = new Accesses();
        ReferenceStack.AssertStep(model, new Samples(1).Tensor(6, 16).requires_grad_(), decay: true, "through every access");
        Assert.Equal(
            ["<Property>k__BackingField", "called", "forwarded", "linear", "module"],
            Sides.Model(model).OwnSparseLayers.Select(l => l.Name).Order(StringComparer.Ordinal));
        Assert.All(Sides.Model(model).OwnSparseLayers, l => Assert.Equal(new KernelCounters(1, 0, 1, 0, 1), l.Layer.Counters));
    }

    [Fact]
    public void AttributeOnAField_CoversThatFieldAlone()
    {
        manual_seed(2);
        var model = new FieldOnly();
        ReferenceStack.AssertStep(model, new Samples(1).Tensor(6, 16), decay: true, "with one sparse field");
        var (name, layer) = Assert.Single(Sides.Model(model).SparseLayers);
        Assert.Equal("sparse", name);
        Assert.Equal("1:4", layer.Pattern.ToString());
        Assert.Equal(new KernelCounters(1, 0, 1, 0, 1), layer.Counters);
    }

    [Fact]
    public void ClassThatIsNotPartial_RunsSparse_AndIsNeverStale()
    {
        manual_seed(1);
        var model = new NotPartial.Inner();
        Assert.DoesNotContain(typeof(INMSparseModel), model.GetType().GetInterfaces());
        Tensor x = new Samples(1).Tensor(5, 20);
        AssertOutput(model, x, "at first");
        model.load_state_dict(new NotPartial.Inner().state_dict());
        AssertOutput(model, x, "after load_state_dict");
        using var folder = new TempFolder();
        new NotPartial.Inner().save(folder.File("weights"));
        model.load(folder.File("weights"));
        AssertOutput(model, x, "after load");
        model.call(x).sum().backward();
        Assert.NotNull(model.Plan[0].Linear.weight.grad);
    }

    private static void Backward(Module<Tensor, Tensor> model, Tensor x)
    {
        model.zero_grad();
        Tensor y = model.call(x);
        (y * y).sum().backward();
    }

    private static void AssertOutput(Stack model, Tensor x, string when)
    {
        var layer = new ReferenceLinear(model.Plan[0], permutation: null);
        Values.Close(layer.Forward(Values.Doubles(x), 5), model.call(x), $"output {when}");
    }
}
