using Xunit;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Nn;

public class HookTests
{
    [Fact]
    public void Hooks_run_around_forward_and_see_its_values()
    {
        using var layer = nn.Identity();
        List<string> order = [];
        layer.register_forward_pre_hook((_, input) =>
        {
            order.Add($"pre {input.item<float>()}");
            return input;
        });
        layer.register_forward_hook((_, input, output) =>
        {
            order.Add($"post {input.item<float>()} {output.item<float>()}");
            return output;
        });

        using var result = layer.call(tensor(2f));

        Assert.Equal(["pre 2", "post 2 2"], order);
    }

    [Fact]
    public void Hooks_replace_input_and_output_in_turn()
    {
        using var layer = nn.Identity();
        layer.register_forward_pre_hook((_, input) => input * 10f);
        layer.register_forward_pre_hook((_, input) => input + 1f);
        layer.register_forward_hook((_, _, output) => output * 2f);

        using var called = layer.call(tensor(3f));
        using var direct = layer.forward(tensor(3f));

        Assert.Equal(62f, called.item<float>());
        Assert.Equal(3f, direct.item<float>());
    }

    [Fact]
    public void Module_hooks_run_and_removed_hooks_do_not()
    {
        using var layer = nn.Identity();
        List<string> order = [];
        Action<nn.Module> before = _ => order.Add("before");
        Action<nn.Module> after = _ => order.Add("after");
        var first = layer.register_forward_pre_hook(before);
        layer.register_forward_hook(after);

        layer.call(tensor(1f)).Dispose();
        first.remove();
        layer.call(tensor(1f)).Dispose();

        Assert.Equal(["before", "after", "after"], order);
    }

    [Fact]
    public void Hooks_of_two_inputs_replace_both()
    {
        using var module = new Difference();
        module.register_forward_pre_hook((_, left, right) => (right, left));

        using var result = module.call(tensor(5f), tensor(2f));

        Assert.Equal(-3f, result.item<float>());
    }

    [Fact]
    public void Three_inputs_reach_forward()
    {
        using var module = new Sum3();

        using var result = module.call(tensor(1f), tensor(2f), tensor(4f));

        Assert.Equal(7f, result.item<float>());
    }

    private sealed class Difference() : nn.Module<Tensor, Tensor, Tensor>(nameof(Difference))
    {
        public override Tensor forward(Tensor input1, Tensor input2) => input1 - input2;
    }

    private sealed class Sum3() : nn.Module<Tensor, Tensor, Tensor, Tensor>(nameof(Sum3))
    {
        public override Tensor forward(Tensor input1, Tensor input2, Tensor input3) => input1 + input2 + input3;
    }
}
