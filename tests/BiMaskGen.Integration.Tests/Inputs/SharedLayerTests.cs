using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;
using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Inputs;

public sealed class SharedLayerTests
{
    [Fact]
    public void LayerOfTwoModels_HasOneSide()
    {
        manual_seed(1);
        Linear layer = Linear(20, 12);
        Borrower one = new(layer), two = new(layer);
        Tensor x = new Samples(1).Tensor(5, 20).requires_grad_();
        ReferenceStack.AssertStep(one, x, decay: true, "of the first model");
        x.grad = null;
        ReferenceStack.AssertStep(two, x, decay: false, "of the second model");
        Assert.Same(Sides.Of(one, "borrowed"), Sides.Of(two, "borrowed"));
        Assert.Equal(0, Sides.Of(one, "borrowed").Step);
    }

    [Fact]
    public void TwoLayersOverOneParameter_HaveOneClockAndOneDecay()
    {
        using var kernels = new KernelModeScope(KernelMode.Sparse);
        var weight = new Parameter(new Samples(1).Tensor(24, 24));
        var model = new Tied(weight);
        using var optimizer = optim.SGD([weight], 0.01);
        for (int step = 0; step < 4; step++)
        {
            Tensor x = new Samples(step).Tensor(5, 24).requires_grad_();
            optimizer.zero_grad();
            Tensor y = model.call(x);
            (y * y).mean().backward();

            var reference = new ReferenceStack(model);
            double[] output = reference.Forward(x);
            Values.Close(output, y, "output");
            Values.Close(reference.Backward(Array.ConvertAll(output, v => 2 * v / output.Length)), x.grad, "dX");
            reference.Layers[0].AddDecay();
            double[] expected = [.. reference.Layers[0].WeightGradient.Zip(reference.Layers[1].WeightGradient, (a, b) => a + b)];
            Values.Close(expected, weight.grad, $"dW at step {step}");
            Assert.Equal(step, Sides.Of(model, "left").Step);
            optimizer.step();
        }

        SparseLayer side = Assert.Single(Sides.Model(model).SparseLayers).Layer;
        Assert.Equal(new KernelCounters(8, 0, 8, 0, 8), side.Counters);
    }
}
