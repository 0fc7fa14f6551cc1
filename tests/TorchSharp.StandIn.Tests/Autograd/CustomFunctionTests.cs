using System.Runtime.InteropServices;
using Xunit;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Autograd;

public class CustomFunctionTests
{
    private static Tensor Leaf(params float[] values) => tensor(values, requires_grad: true);

    [Fact]
    public void A_function_takes_part_in_the_graph()
    {
        Tensor x = Leaf(1, 2);
        Tensor w = Leaf(3, 4);

        ScaledProduct.apply(x, w, 10.0).sum().backward();

        Assert.Equal([30f, 40], x.grad!.data<float>().ToArray());
        Assert.Equal([10f, 20], w.grad!.data<float>().ToArray());
    }

    [Fact]
    public void Forward_runs_without_recording_and_without_grad_nothing_is_attached()
    {
        Tensor plain = tensor([1f, 2]);

        Assert.True(ScaledProduct.apply(Leaf(1, 2), plain, 1.0).requires_grad);
        Assert.False(ScaledProduct.SawGradMode);
        Assert.False(ScaledProduct.apply(plain, plain, 1.0).requires_grad);
        using (no_grad())
            Assert.False(ScaledProduct.apply(Leaf(1, 2), plain, 1.0).requires_grad);
        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void A_saved_tensor_modified_in_place_is_an_error()
    {
        Tensor x = Leaf(1, 2);
        Tensor w = tensor([3f, 4]);
        Tensor y = ScaledProduct.apply(x, w, 1.0).sum();
        w.mul_(2);

        Assert.Contains("modified by an inplace operation", Assert.Throws<ExternalException>(() => y.backward()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Null_entries_may_be_saved_and_null_gradients_returned()
    {
        Tensor x = Leaf(1, 2);

        KeepsNulls.apply(x, null!, Leaf(1, 1)).sum().backward();

        Assert.Equal([1f, 1], x.grad!.data<float>().ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_wrong_number_of_gradients_is_an_error(int count)
    {
        Tensor y = ReturnsCount.apply(Leaf(1), Leaf(2), count).sum();

        if (count == 3)
            y.backward();
        else
            Assert.Contains("incorrect number of gradients", Assert.Throws<ExternalException>(() => y.backward()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Returning_an_input_gives_another_tensor()
    {
        Tensor x = Leaf(1, 2);
        Tensor y = PassThrough.apply(x);

        Assert.NotSame(x, y);
        Assert.True(x.is_leaf);
        (y * 3).sum().backward();
        Assert.Equal([3f, 3], x.grad!.data<float>().ToArray());
    }

    [Fact]
    public void Several_outputs_get_their_gradients_and_missing_ones_are_zeros()
    {
        Tensor x = Leaf(1, 2);
        List<Tensor> both = Split.apply(x);
        both[1].sum().backward();

        Assert.Equal([0f, 5], x.grad!.data<float>().ToArray());
        Assert.False(both[2].requires_grad);
    }

    [Fact]
    public void A_context_is_called_back_on_the_thread_of_backward()
    {
        Tensor y = ScaledProduct.apply(Leaf(1, 2), Leaf(3, 4), 1.0).sum();
        y.backward();

        Assert.Equal(Environment.CurrentManagedThreadId, ScaledProduct.BackwardThread);
    }

    private sealed class ScaledProduct : autograd.SingleTensorFunction<ScaledProduct>
    {
        public static bool SawGradMode { get; private set; }

        public static int BackwardThread { get; private set; }

        public override string Name => nameof(ScaledProduct);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            SawGradMode = is_grad_enabled();
            ctx.save_for_backward([(Tensor)vars[0], (Tensor)vars[1]]);
            ctx.save_data("scale", vars[2]);
            return (Tensor)vars[0] * (Tensor)vars[1] * (double)vars[2];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            BackwardThread = Environment.CurrentManagedThreadId;
            List<Tensor> saved = ctx.get_saved_variables();
            double scale = (double)ctx.get_data("scale");
            return [grad_output * saved[1] * scale, grad_output * saved[0] * scale, null!];
        }
    }

    private sealed class KeepsNulls : autograd.SingleTensorFunction<KeepsNulls>
    {
        public override string Name => nameof(KeepsNulls);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_for_backward([null!, (Tensor)vars[0]]);
            return ((Tensor)vars[0]).clone();
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
            => ctx.get_saved_variables()[0] is null ? [grad_output, null!, null!] : [];
    }

    private sealed class ReturnsCount : autograd.SingleTensorFunction<ReturnsCount>
    {
        public override string Name => nameof(ReturnsCount);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_data("count", vars[2]);
            return (Tensor)vars[0] + (Tensor)vars[1];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
            => [.. Enumerable.Range(0, (int)ctx.get_data("count")).Select(i => i < 2 ? grad_output : null!)];
    }

    private sealed class PassThrough : autograd.SingleTensorFunction<PassThrough>
    {
        public override string Name => nameof(PassThrough);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => (Tensor)vars[0];

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [grad_output];
    }

    private sealed class Split : autograd.MultiTensorFunction<Split>
    {
        public override string Name => nameof(Split);

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var x = (Tensor)vars[0];
            Tensor constant = x * 0;
            ctx.mark_non_differentiable([constant]);
            return [x[0].clone(), x[1] * 5, constant];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
            => [stack([grad_outputs[0], grad_outputs[1] * 5])];
    }
}
