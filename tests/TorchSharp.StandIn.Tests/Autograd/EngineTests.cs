using System.Runtime.InteropServices;
using Xunit;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Autograd;

public class EngineTests
{
    [Fact]
    public void Gradients_accumulate_in_leaves()
    {
        Tensor x = tensor([1f, 2, 3], requires_grad: true);

        (x * 2).sum().backward();
        (x * 3).sum().backward();

        Assert.Equal([5f, 5, 5], x.grad!.data<float>().ToArray());
    }

    [Fact]
    public void A_leaf_used_on_two_paths_gets_the_sum()
    {
        Tensor x = tensor([1f, 2], requires_grad: true);
        Tensor y = x.exp();

        (y + (y * x)).sum().backward();

        float[] expected = [.. new[] { 1f, 2 }.Select(v => MathF.Exp(v) * (2 + v))];
        Assert.All(expected.Zip(x.grad!.data<float>().ToArray()), p => Assert.Equal(p.First, p.Second, 1e-4));
    }

    [Fact]
    public void Passing_a_gradient_through_does_not_tie_leaves_together()
    {
        Tensor a = zeros([2], requires_grad: true);
        Tensor b = zeros([2], requires_grad: true);
        (a + b).sum().backward();

        a.grad!.mul_(5);

        Assert.Equal([1f, 1], b.grad!.data<float>().ToArray());
    }

    [Fact]
    public void A_second_backward_needs_retain_graph()
    {
        Tensor x = tensor([2f], requires_grad: true);
        Tensor kept = x.square().sum();
        kept.backward(retain_graph: true);
        kept.backward();

        Assert.Equal(8, x.grad!.item<float>());
        Assert.Contains("second time", Assert.Throws<ExternalException>(() => kept.backward()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_saved_tensor_changed_in_place_is_an_error()
    {
        Tensor x = tensor([2f], requires_grad: true);
        Tensor w = tensor([3f]);
        Tensor y = (x * w).sum();
        w.add_(1);

        Assert.Contains("modified by an inplace operation", Assert.Throws<ExternalException>(() => y.backward()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_saved_tensor_changed_through_a_view_is_an_error()
    {
        Tensor x = tensor([2f, 1], requires_grad: true);
        Tensor w = tensor([3f, 4]);
        Tensor y = (x * w).sum();
        w[0].fill_(9);

        Assert.Throws<ExternalException>(() => y.backward());
    }

    [Fact]
    public void A_leaf_that_requires_grad_cannot_change_in_place()
    {
        Tensor x = zeros([2], requires_grad: true);

        Assert.Contains("leaf Variable", Assert.Throws<ExternalException>(() => x.add_(1)).Message, StringComparison.Ordinal);
        using (no_grad())
            x.add_(1);
        Assert.Equal([1f, 1], x.data<float>().ToArray());
    }

    [Fact]
    public void A_part_of_a_tensor_that_requires_grad_cannot_change_in_place()
    {
        Tensor x = zeros([2], requires_grad: true);

        Assert.Throws<NotSupportedException>(() => x[0].fill_(1));
        Assert.Throws<NotSupportedException>(() => (x * 2)[0] = tensor(1f));
        using (no_grad())
            x[0] = tensor(1f);
        Assert.Equal([1f, 0], x.data<float>().ToArray());
    }

    [Fact]
    public void No_grad_records_nothing_and_ends_with_its_block()
    {
        Tensor x = zeros([2], requires_grad: true);
        using (no_grad())
        {
            Assert.False((x * 2).requires_grad);
            using (enable_grad())
                Assert.True((x * 2).requires_grad);
            Assert.False(is_grad_enabled());
        }

        Assert.True((x * 2).requires_grad);
        Assert.False((x * 2).detach().requires_grad);
    }

    [Fact]
    public void Backward_needs_a_scalar_or_a_gradient()
    {
        Tensor x = tensor([1f, 2], requires_grad: true);
        Tensor y = x * 2;

        Assert.Throws<ExternalException>(() => y.backward());
        y.backward([tensor([1f, 10])]);
        Assert.Equal([2f, 20], x.grad!.data<float>().ToArray());
        Assert.Throws<NotSupportedException>(() => (x * 2).sum().backward(create_graph: true));
    }

    [Fact]
    public void Grad_returns_gradients_and_leaves_leaves_alone()
    {
        Tensor x = tensor([1f, 2], requires_grad: true);
        Tensor middle = x * 3;
        Tensor unused = zeros([1], requires_grad: true);

        IList<Tensor> gradients = autograd.grad([middle.square().sum()], [x, middle]);

        Assert.Equal([18f, 36], gradients[0].data<float>().ToArray());
        Assert.Equal([6f, 12], gradients[1].data<float>().ToArray());
        Assert.Null(x.grad);
        Assert.Throws<ExternalException>(() => autograd.grad([(x * 2).sum()], [unused]));
    }

    [Fact]
    public void Retain_grad_keeps_the_gradient_of_a_result()
    {
        Tensor x = tensor([1f, 2], requires_grad: true);
        Tensor middle = x * 3;
        middle.retain_grad();

        middle.square().sum().backward();

        Assert.Equal([6f, 12], middle.grad!.data<float>().ToArray());
    }

    [Fact]
    public void Backward_works_after_the_scope_of_forward_ended()
    {
        Tensor x = tensor([1f, 2], requires_grad: true);
        Tensor loss;
        using (NewDisposeScope())
            loss = x.exp().mul(x).sum().MoveToOuterDisposeScope();

        loss.backward();

        Assert.Equal(MathF.E * 2, x.grad!.data<float>()[0], 1e-4f);
    }

    [Fact]
    public void Backward_leaves_no_tensor_in_the_users_scope()
    {
        Tensor x = zeros([2], requires_grad: true);
        using DisposeScope scope = NewDisposeScope();
        Tensor loss = (x.exp() * x).sum();
        int before = scope.DisposablesCount;

        loss.backward();

        Assert.Equal(before, scope.DisposablesCount);
    }

    [Fact]
    public void A_deep_graph_does_not_overflow_the_stack()
    {
        Tensor x = tensor([1f], requires_grad: true);
        Tensor y = x;
        for (int i = 0; i < 20_000; i++)
            y += 1;

        y.sum().backward();

        Assert.Equal(1, x.grad!.item<float>());
    }
}
