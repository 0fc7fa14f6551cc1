using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;
using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Inputs;

public sealed class ShapeTests
{
    public static TheoryData<long[], KernelMode> Batches { get; } = Cases.Product<long[], KernelMode>(
        [[], [1], [3], [0], [2, 3], [2, 0], [17], [2, 2, 3], [1, 1, 1]], [KernelMode.Sparse, KernelMode.Dense, KernelMode.Auto]);

    [Theory]
    [MemberData(nameof(Batches))]
    public void EveryRankAndBatch_TrainsAsTheReference(long[] batch, KernelMode mode)
    {
        using var kernels = new KernelModeScope(mode);
        Mlp model = Mlp.Create(1);
        Tensor x = new Samples(1).Tensor([.. batch, 50]).requires_grad_();
        ReferenceStack.AssertStep(model, x, decay: true, $"with batch [{string.Join(", ", batch)}]");
        Assert.Equal([.. batch, 10], model.call(x).shape);
        Assert.Equal(x.shape, x.grad!.shape);
    }

    [Fact]
    public void EmptyBatch_OnTorchsOperators()
    {
        using var forced = new MaskedDenseScope();
        ReferenceStack.AssertStep(Mlp.Create(1), zeros(0, 50).requires_grad_(), decay: true, "with an empty batch");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void InputThatIsNotContiguous(bool torchsOperators)
    {
        using var forced = torchsOperators ? new MaskedDenseScope() : null;
        Mlp model = Mlp.Create(1);
        Tensor transposed = new Samples(1).Tensor(50, 8).t(), sliced = new Samples(2).Tensor(16, 64).slice(0, 1, 16, 2).slice(1, 7, 57, 1);
        Assert.False(transposed.is_contiguous());
        Assert.False(sliced.is_contiguous());
        ReferenceStack.AssertStep(model, transposed, decay: true, "transposed");
        ReferenceStack.AssertStep(model, sliced, decay: false, "sliced");
    }

    [Fact]
    public void InputAtAnOffset()
    {
        Tensor narrow = new Samples(2).Tensor(16, 50).narrow(0, 5, 6);
        Assert.True(narrow.is_contiguous());
        ReferenceStack.AssertStep(Mlp.Create(1), narrow, decay: true, "at an offset");
    }

    [Fact]
    public void InputThatIsAView_GetsItsGradientThroughTheGraph()
    {
        Mlp model = Mlp.Create(1);
        Tensor leaf = new Samples(1).Tensor(50, 8).requires_grad_();
        Tensor y = model.call(leaf.t());
        (y * y).sum().backward();
        var reference = new ReferenceStack(model);
        double[] output = reference.Forward(leaf.t().contiguous());
        double[] dx = reference.Backward(Array.ConvertAll(output, v => 2 * v));
        Values.Close(dx, leaf.grad!.t().contiguous(), "dX of the view");
    }

    [Fact]
    public void GradientThatIsNotContiguous()
    {
        Mlp model = Mlp.Create(1);
        Tensor x = new Samples(1).Tensor(6, 50).requires_grad_(), g = new Samples(2).Tensor(10, 6);
        (model.call(x).t() * g).sum().backward();
        var reference = new ReferenceStack(model);
        reference.Forward(x);
        Values.Close(reference.Backward(Values.Doubles(g.t().contiguous())), x.grad, "dX under a transposed gradient");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WeightThatIsNotContiguous(bool torchsOperators)
    {
        using var forced = torchsOperators ? new MaskedDenseScope() : null;
        var weight = new Parameter(new Samples(1).Tensor(20, 12).t());
        Assert.False(weight.is_contiguous());
        var model = new Borrower(Linear(weight, new Parameter(new Samples(2).Tensor(12))));
        Tensor x = new Samples(3).Tensor(5, 20).requires_grad_();
        model.zero_grad();
        Tensor y = model.call(x);
        (y * y).sum().backward();
        var reference = new ReferenceLinear(
            new StackLayer("borrowed", Linear(new Parameter(weight.detach().contiguous()), model.Plan[0].Linear.bias), Act.Relu, 2, 4),
            Sides.Of(model, "borrowed").Permutation);
        double[] output = reference.Forward(Values.Doubles(x), 5);
        Values.Close(output, y, "output");
        Values.Close(reference.Backward(Array.ConvertAll(output, v => 2 * v), 5), x.grad, "dX");
        reference.AddDecay();
        Values.Close(reference.WeightGradient, weight.grad!.contiguous(), "dW");
    }
}
