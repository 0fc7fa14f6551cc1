using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;
using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Released;

public sealed class OutputTests
{
    private const int MaxBatch = 70;

    public static TheoryData<string, KernelMode> Runs { get; } = Cases.Product(Stacks.Patterns, [KernelMode.Sparse, KernelMode.Dense, KernelMode.Auto]);

    // Every pattern, in and out features that are no multiples of M or of a tile, with and without bias, every activation.
    [Theory]
    [MemberData(nameof(Runs))]
    public void EveryBatch_IsTheMaskedProductOfTheWeightsBefore(string pattern, KernelMode mode)
    {
        using var kernels = new KernelModeScope(mode);
        using var off = no_grad();
        Stack model = Stacks.Create(pattern, 3);
        int width = (int)model.Plan[0].Linear.in_features;
        var reference = new ReferenceStack(model);
        Inference.Release(model);
        for (int batch = 0; batch <= MaxBatch; batch++)
        {
            Tensor x = new Samples(batch).Tensor(batch, width);
            using Tensor y = model.call(x);
            Values.Close(reference.Forward(x), y, $"output of {batch} rows");
        }

        int calls = MaxBatch;
        Assert.All(Sides.Model(model).OwnSparseLayers, l => Assert.Equal(new KernelCounters(calls, 0, 0, 0, 0), l.Layer.Counters));
    }

    [Fact]
    public void TheWeightsAreThoseOfTheMomentOfTheRelease()
    {
        using var off = no_grad();
        Mlp model = Mlp.Create(1);
        Tensor x = new Samples(1).Tensor(5, 50);
        model.eval();
        model.call(x).Dispose();
        Values.Raw(model.Fc1.weight).Reverse();
        Values.Raw(model.Fc2.weight)[17] = 4;
        var reference = new ReferenceStack(model);
        Inference.Release(model);
        Values.Close(reference.Forward(x), model.call(x), "output");
    }

    [Fact]
    public void AfterTraining_WithGradientsAndAPermutation()
    {
        Mlp model = Mlp.Create(2);
        using var optimizer = optim.SGD(model.parameters(), 0.05, momentum: 0.9);
        for (int step = 0; step < 3; step++)
        {
            optimizer.zero_grad();
            model.call(new Samples(step).Tensor(8, 50)).square().mean().backward();
            optimizer.step();
        }

        var reference = new ReferenceStack(model);
        Tensor x = new Samples(9).Tensor(8, 50);
        Inference.Release(model);
        using var off = no_grad();
        Values.Close(reference.Forward(x), model.call(x), "output");
        Assert.Null(Sides.Of(model, "fc1").Permutation);
        Assert.Null(model.Fc1.bias!.grad);
    }

    [Fact]
    public void InputsOfAnyRankAndOrder()
    {
        using var off = no_grad();
        Mlp model = Mlp.Create(1);
        Tensor flat = new Samples(1).Tensor(12, 50), turned = flat.t().contiguous().t();
        double[] expected = new ReferenceStack(model).Forward(flat);
        Inference.Release(model);
        Tensor y = model.call(flat.reshape(2, 3, 2, 50));
        Assert.Equal([2, 3, 2, 10], y.shape);
        Values.Close(expected, y, "of rank 4");
        Assert.False(turned.is_contiguous());
        Values.Close(expected, model.call(turned), "of a transposed input");
        Assert.Equal([10], model.call(flat[0]).shape);
    }

    [Fact]
    public void Hooks_StillRun_AndTheActivationComesAfterThem()
    {
        using var off = no_grad();
        Mlp model = Mlp.Create(1), twin = Mlp.Create(1);
        Tensor x = new Samples(1).Tensor(6, 50);
        foreach (Mlp each in new[] { model, twin })
        {
            each.Fc2.register_forward_pre_hook((_, input) => input * 2);
        }

        Inference.Release(model);
        foreach (Mlp each in new[] { model, twin })
        {
            each.Fc2.register_forward_hook((_, _, output) => output - 1);
        }

        Values.Close(twin.call(x), model.call(x), "hooked output");
        Assert.Contains(Values.Of(model.Probe(1, relu(model.Probe(0, x)))), v => v < 0);
    }

    [Fact]
    public void GradModeIsNoHindrance_WhileNothingWantsAGradient()
    {
        Mlp model = Mlp.Create(1);
        Tensor x = new Samples(1).Tensor(6, 50);
        double[] expected = new ReferenceStack(model).Forward(x);
        Inference.Release(model);
        Assert.True(is_grad_enabled());
        Tensor y = model.call(x);
        Values.Close(expected, y, "output");

        // The dense head still trains.
        y.sum().backward();
        Assert.NotNull(model.Head.weight.grad);
    }
}
