using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;
using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Errors;

public sealed class EditedBeforeBackwardTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WeightEditedBetween_GivesNaN_AndAnErrorAtTheNextForward(bool torchsOperators)
    {
        using var forced = torchsOperators ? new MaskedDenseScope() : null;
        Mlp model = Mlp.Create(1);
        Mlp other = Mlp.Create(2);
        Tensor x = new Samples(1).Tensor(4, 50).requires_grad_();
        Tensor loss = model.call(x).sum();
        using (no_grad())
        {
            model.Fc1.weight.add_(0.25);
        }

        loss.backward();
        Assert.All(Values.Of(model.Fc1.weight.grad!), g => Assert.True(float.IsNaN(g)));
        Assert.All(Values.Of(model.Fc1.bias!.grad!), g => Assert.True(float.IsNaN(g)));
        Assert.All(Values.Of(x.grad!), g => Assert.True(float.IsNaN(g)));
        Assert.Equal(model.Fc1.weight.shape, model.Fc1.weight.grad!.shape);
        Assert.All(Values.Of(model.Fc2.weight.grad!), g => Assert.True(float.IsFinite(g)));

        // Any layer's next forward says so, once.
        var error = Assert.Throws<NMSparseBackwardException>(() => other.call(x));
        Assert.Equal("BiMaskGen.Integration.Tests.Models.Mlp.fc1", error.Layer);
        Assert.NotNull(error.InnerException);
        ReferenceStack.AssertOutput(other, x, "after the error");
        ReferenceStack.AssertOutput(model, x, "after the error");
    }

    [Fact]
    public void WeightEditedAfterBackward_IsNoError()
    {
        Mlp model = Mlp.Create(1);
        Tensor x = new Samples(1).Tensor(4, 50);
        ReferenceStack.AssertStep(model, x, decay: true, "before");
        using (no_grad())
        {
            model.Fc1.weight.add_(0.25);
        }

        ReferenceStack.AssertOutput(model, x, "after");
    }

    [Theory]
    [InlineData(false, KernelMode.Sparse)]
    [InlineData(false, KernelMode.Dense)]
    [InlineData(true, KernelMode.Sparse)]
    [InlineData(true, KernelMode.Dense)]
    public void EarlierGraph_KeepsItsWeights_WhenALaterForwardSeesOthers(bool training, KernelMode mode)
    {
        using var kernels = new KernelModeScope(mode);

        // A raw write moves no version, so torch does not notice: the graph uses the masks and weights that it was made with.
        Mlp model = Mlp.Create(1);
        Tensor x = new Samples(1).Tensor(4, 50).requires_grad_();
        Tensor y = model.call(x);
        var reference = new ReferenceStack(model);
        double[] output = reference.Forward(x);
        double[] dx = reference.Backward(Array.ConvertAll(output, v => 2 * v));

        Values.Raw(model.Fc1.weight).Reverse();
        using (set_grad_enabled(training))
        {
            ReferenceStack.AssertOutput(model, x, "of the new weights");
        }

        (y * y).sum().backward();
        Values.Close(dx, x.grad, "dX of the earlier graph");
    }
}
