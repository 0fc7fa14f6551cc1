using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;
using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Inputs;

public sealed class GraphTests
{
    private readonly Mlp _model = Mlp.Create(1);
    private readonly Tensor _x = new Samples(1).Tensor(6, 50).requires_grad_();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void KeptGraph_RunTwice_DoublesAllButTheDecay(bool torchsOperators)
    {
        using var forced = torchsOperators ? new MaskedDenseScope() : null;
        Tensor y = _model.call(_x), loss = (y * y).sum();
        loss.backward(retain_graph: true);
        loss.backward();

        var reference = new ReferenceStack(_model);
        double[] output = reference.Forward(_x), dx = [];
        for (int run = 0; run < 2; run++)
        {
            dx = reference.Backward(Array.ConvertAll(output, v => 2 * v));
        }

        reference.AddDecay();
        Values.Close(Array.ConvertAll(dx, v => 2 * v), _x.grad, "dX");
        reference.AssertGradients(_model, "of two runs");
    }

    [Fact]
    public void GraphWithoutBackward_IsForgotten()
    {
        for (int i = 0; i < 5; i++)
        {
            _model.call(_x);
        }

        ReferenceStack.AssertStep(_model, _x, decay: true, "after forwards alone");
        Assert.Equal(0, Sides.Of(_model, "fc1").Step);
    }

    [Fact]
    public void InnerScope_LeavesOutputAndGradients()
    {
        Tensor y;
        using (NewDisposeScope())
        {
            y = _model.call(_x).MoveToOuterDisposeScope();
        }

        using (NewDisposeScope())
        {
            (y * y).sum().backward();
        }

        var reference = new ReferenceStack(_model);
        double[] output = reference.Forward(_x);
        Values.Close(output, y, "output");
        Values.Close(reference.Backward(Array.ConvertAll(output, v => 2 * v)), _x.grad, "dX");
        reference.AddDecay();
        reference.AssertGradients(_model, "from inside a scope");
    }

    [Fact]
    public void ScopeAroundEachStep_KeepsParametersAndInput()
    {
        using var optimizer = optim.SGD(_model.parameters(), 0.05, momentum: 0.9);
        for (int step = 0; step < 10; step++)
        {
            using (NewDisposeScope())
            {
                _model.zero_grad();
                (_model.call(_x).relu() * 0.1).sum().backward();
                optimizer.step();
            }
        }

        Assert.All(_model.parameters(), p => Assert.False(p.IsInvalid));
        Assert.False(_x.IsInvalid);
        ReferenceStack.AssertOutput(_model, _x, "after ten scoped steps");
    }

    [Fact]
    public void WithoutGradMode_NothingIsRecorded()
    {
        using (no_grad())
        {
            Assert.False(_model.call(_x).requires_grad);
        }

        Assert.Null(Sides.Of(_model, "fc1").Permutation);
        Assert.True(_model.call(_x).requires_grad);
        Assert.NotNull(Sides.Of(_model, "fc1").Permutation);
    }

    [Fact]
    public void NothingThatNeedsAGradient_GivesNoGraph()
    {
        foreach (Parameter parameter in _model.parameters())
        {
            parameter.requires_grad = false;
        }

        Tensor x = new Samples(1).Tensor(6, 50);
        Assert.False(_model.call(x).requires_grad);
        ReferenceStack.AssertOutput(_model, x, "of a frozen model");
    }

    [Fact]
    public void FrozenWeights_PassTheInputGradientOn()
    {
        _model.Fc1.weight.requires_grad = false;
        _model.Fc1.bias!.requires_grad = false;
        Tensor y = _model.call(_x);
        (y * y).sum().backward();
        var reference = new ReferenceStack(_model);
        double[] output = reference.Forward(_x);
        Values.Close(reference.Backward(Array.ConvertAll(output, v => 2 * v)), _x.grad, "dX");
        Assert.Null(_model.Fc1.weight.grad);
        Assert.Null(_model.Fc1.bias.grad);
    }
}
