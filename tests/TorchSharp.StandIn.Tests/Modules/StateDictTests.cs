using Xunit;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Nn;

public class StateDictTests
{
    [Fact]
    public void Loading_copies_in_place_and_moves_the_version()
    {
        using var source = nn.Linear(3, 2);
        using var target = nn.Linear(3, 2);
        var weight = target.weight;
        var version = TestTensors.Version(weight);

        var (missing, unexpected) = target.load_state_dict(source.state_dict());

        Assert.Empty(missing);
        Assert.Empty(unexpected);
        Assert.Same(weight, target.weight);
        Assert.Equal(version + 1, TestTensors.Version(weight));
        Assert.Equal(TestTensors.Copy(source.weight), TestTensors.Copy(weight));
        Assert.True(weight.requires_grad);
    }

    [Fact]
    public void Strict_loading_refuses_missing_and_unexpected_keys()
    {
        using var target = nn.Linear(3, 2);
        Dictionary<string, Tensor> source = new() { ["weight"] = ones([2, 3]), ["extra"] = ones([1]) };
        var before = TestTensors.Copy(target.weight);

        Assert.Throws<InvalidOperationException>(() => target.load_state_dict(source));
        Assert.Equal(before, TestTensors.Copy(target.weight));

        var (missing, unexpected) = target.load_state_dict(source, strict: false);
        Assert.Equal(["bias"], missing);
        Assert.Equal(["extra"], unexpected);
        Assert.Equal([1f, 1f, 1f, 1f, 1f, 1f], TestTensors.Copy(target.weight));
    }

    [Fact]
    public void Skipped_keys_are_neither_checked_nor_copied()
    {
        using var target = nn.Linear(1, 1);
        var bias = TestTensors.Copy(target.bias!);

        target.load_state_dict(new() { ["weight"] = ones([1, 1]), ["bias"] = full([1], 9f) }, skip: ["bias"]);

        Assert.Equal([1f], TestTensors.Copy(target.weight));
        Assert.Equal(bias, TestTensors.Copy(target.bias!));
    }

    [Fact]
    public void A_wrong_shape_is_refused_before_anything_is_copied()
    {
        using var target = nn.Linear(2, 1);
        var weight = TestTensors.Copy(target.weight);

        var error = Assert.Throws<InvalidOperationException>(() =>
            target.load_state_dict(new() { ["weight"] = ones([1, 2]), ["bias"] = ones([3]) }));

        Assert.Contains("bias", error.Message);
        Assert.Equal(weight, TestTensors.Copy(target.weight));
    }
}
