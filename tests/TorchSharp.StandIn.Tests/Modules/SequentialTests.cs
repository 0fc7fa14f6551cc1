using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Nn;

public class SequentialTests
{
    [Fact]
    public void Names_are_positions_or_given()
    {
        using var numbered = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1, hasBias: false));
        using var named = nn.Sequential(("in", nn.Linear(2, 3)), ("act", nn.ReLU()));

        Assert.Equal(["0.weight", "0.bias", "2.weight"], numbered.state_dict().Keys);
        Assert.Equal(["in", "act"], named.named_children().Select(child => child.name));
        Assert.Equal(3, numbered.Count);
    }

    [Fact]
    public void Forward_is_the_chain_of_calls()
    {
        using var first = nn.Linear(2, 3);
        using var second = nn.Linear(3, 2);
        using var model = nn.Sequential(first, nn.ReLU(), second);
        var input = TestTensors.Grid(3, 4, 2);

        using var expected = second.call(nn.functional.relu(first.call(input)));
        using var actual = model.call(input);

        Assert.Equal(TestTensors.Copy(expected), TestTensors.Copy(actual));
        Assert.False(input.IsInvalid);
    }

    [Fact]
    public void Intermediates_are_disposed_after_the_next_module_returned()
    {
        var first = new Recorder();
        var second = new Recorder();
        var last = new Recorder();
        using var model = nn.Sequential(first, second, last);

        using var result = model.call(tensor(1f));

        Assert.True(first.Output!.IsInvalid);
        Assert.True(second.Output!.IsInvalid);
        Assert.False(result.IsInvalid);
        Assert.Equal(4f, result.item<float>());
    }

    [Fact]
    public void A_module_that_returns_its_input_breaks_the_chain_but_an_alias_does_not()
    {
        using var broken = nn.Sequential(new Recorder(), new PassThrough(), new Recorder());
        using var sound = nn.Sequential(new Recorder(), nn.Identity(), new Recorder());

        Assert.Throws<InvalidOperationException>(() => broken.call(tensor(1f)));
        using var result = sound.call(tensor(1f));
        Assert.Equal(3f, result.item<float>());
    }

    [Fact]
    public void An_empty_chain_returns_an_alias()
    {
        using var model = nn.Sequential();
        using var input = tensor(2f);

        var output = model.call(input);
        Assert.NotSame(input, output);
        output.Dispose();

        Assert.Equal(2f, input.item<float>());
    }

    [Fact]
    public void Gradients_pass_through_disposed_intermediates()
    {
        using var model = nn.Sequential(nn.Linear(3, 3), nn.Tanh(), nn.Linear(3, 1));
        using var loss = model.call(TestTensors.Grid(5, 4, 3)).sum();

        loss.backward();

        Assert.All(model.parameters(), parameter => Assert.NotNull(parameter.grad));
        Assert.Contains(TestTensors.Copy(model.parameters().First().grad!), value => value != 0);
    }

    [Fact]
    public void Slices_are_plain_and_share_their_modules()
    {
        using var model = nn.Sequential(nn.ReLU(), nn.Tanh(), nn.Identity());

        var range = model[1..];
        var pair = model[(null, 2)];

        Assert.Equal(typeof(Sequential), range.GetType());
        Assert.Same(model[1], range[0]);
        Assert.Equal(["1", "2"], range.named_children().Select(child => child.name));
        Assert.Equal(["0", "1"], pair.named_children().Select(child => child.name));
    }

    [Fact]
    public void A_subclass_may_replace_forward()
    {
        using var model = new Doubling();

        using var result = model.call(tensor(3f));

        Assert.Equal(6f, result.item<float>());
    }

    private sealed class Doubling() : Sequential(("only", nn.Identity()))
    {
        public override Tensor forward(Tensor tensor) => tensor * 2f;
    }

    private sealed class Recorder() : nn.Module<Tensor, Tensor>(nameof(Recorder))
    {
        public Tensor? Output { get; private set; }

        public override Tensor forward(Tensor input) => Output = input + 1f;
    }

    private sealed class PassThrough() : nn.Module<Tensor, Tensor>(nameof(PassThrough))
    {
        public override Tensor forward(Tensor input) => input;
    }
}
