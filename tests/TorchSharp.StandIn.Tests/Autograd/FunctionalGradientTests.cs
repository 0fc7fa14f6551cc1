using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace TorchSharp.Tests.Autograd;

/// <summary>The gradients of torch.nn.functional.</summary>
public class FunctionalGradientTests
{
    private static readonly Tensor Classes = tensor([1L, 0, 3]);

    private static readonly Dictionary<string, (long[][] Shapes, Func<Tensor[], Tensor> Function)> Cases = new()
    {
        ["linear"] = ([[3, 4], [2, 4], [2]], x => linear(x[0], x[1], x[2])),
        ["linear 3-D without bias"] = ([[2, 3, 4], [2, 4]], x => linear(x[0], x[1])),
        ["linear of a transposed input"] = ([[4, 3], [2, 4], [2]], x => linear(x[0].t(), x[1], x[2])),
        ["layer_norm"] = ([[3, 6], [6], [6]], x => layer_norm(x[0], [6], x[1], x[2])),
        ["layer_norm 2-D"] = ([[3, 2, 4]], x => layer_norm(x[0], [2, 4])),
        ["batch_norm training"] = ([[4, 3], [3], [3]], x => batch_norm(x[0], null, null, x[1], x[2], true)),
        ["batch_norm images"] = ([[2, 2, 2, 3], [2], [2]], x => batch_norm(x[0], zeros(2), ones(2), x[1], x[2], true)),
        ["batch_norm evaluation"] = ([[3, 2, 2], [2], [2]], x => batch_norm(x[0], full(2, 0.3), full(2, 2), x[1], x[2])),
        ["conv2d"] = ([[2, 2, 4, 5], [3, 2, 3, 3], [3]], x => conv2d(x[0], x[1], x[2], padding: [1])),
        ["conv2d stride"] = ([[1, 2, 5, 6], [3, 2, 2, 3]], x => conv2d(x[0], x[1], strides: [2, 1], padding: [0, 2])),
        ["conv2d dilation"] = ([[1, 1, 6, 5], [2, 1, 2, 2], [2]], x => conv2d(x[0], x[1], x[2], dilation: [2, 3])),
        ["conv2d groups"] = ([[2, 4, 3, 3], [4, 2, 2, 2], [4]], x => conv2d(x[0], x[1], x[2], groups: 2)),
        ["conv2d pointwise"] = ([[2, 3, 2, 3], [2, 3, 1, 1], [2]], x => conv2d(x[0], x[1], x[2])),
        ["conv2d one image"] = ([[2, 3, 3], [2, 2, 2, 2]], x => conv2d(x[0], x[1])),
        ["conv2d same"] = ([[1, 2, 4, 5], [2, 2, 2, 3]], x => conv2d_padding(x[0], x[1], padding: TorchSharp.Padding.Same, dilation: [1, 2])),
        ["conv1d"] = ([[2, 3, 6], [4, 3, 3], [4]], x => conv1d(x[0], x[1], x[2], stride: 2, padding: 1)),
        ["conv1d one row"] = ([[2, 6], [4, 1, 2]], x => conv1d(x[0], x[1], dilation: 2, groups: 2)),
        ["conv1d same"] = ([[1, 2, 5], [3, 2, 4], [3]], x => conv1d_padding(x[0], x[1], x[2], padding: TorchSharp.Padding.Same)),
        ["unfold"] = ([[2, 2, 4, 5]], x => unfold(x[0], (2, 3), dilation: (2, 1), padding: (1, 0), stride: (1, 2)).square()),
        ["fold"] = ([[2, 12, 4]], x => fold(x[0], (3, 4), (2, 3), padding: (0, 1), stride: (1, 2)).square()),
        ["pad"] = ([[2, 3]], x => pad(x[0], [1, 2, 0, 1]).square()),
        ["max_pool2d"] = ([[2, 4, 6]], x => max_pool2d(x[0], 2)),
        ["max_pool2d overlapping"] = ([[1, 2, 5, 5]], x => max_pool2d(x[0], 3, 2, 1)),
        ["avg_pool2d"] = ([[1, 2, 4, 6]], x => avg_pool2d(x[0], 2)),
        ["avg_pool2d padded"] = ([[1, 1, 5, 5]], x => avg_pool2d(x[0], [3, 2], [2, 2], [1, 1], true, false)),
        ["adaptive_avg_pool2d"] = ([[1, 2, 5, 4]], x => adaptive_avg_pool2d(x[0], [2, 3])),
        ["mse_loss"] = ([[2, 3], [2, 3]], x => mse_loss(x[0], x[1])),
        ["l1_loss"] = ([[2, 3], [2, 3]], x => l1_loss(x[0], x[1] * 0.3, nn.Reduction.Sum)),
        ["cross_entropy"] = ([[3, 4]], x => cross_entropy(x[0], Classes)),
        ["cross_entropy smooth"] = ([[3, 4]], x => cross_entropy(x[0], Classes, label_smoothing: 0.1)),
        ["cross_entropy ignoring"] = ([[3, 4]], x => cross_entropy(x[0], Classes, ignore_index: 0)),
        ["cross_entropy weighted"] = ([[3, 4]], x => cross_entropy(x[0], Classes, tensor([1f, 2, 3, 0.5f]), label_smoothing: 0.2)),
        ["cross_entropy none"] = ([[3, 4]], x => cross_entropy(x[0], Classes, reduction: nn.Reduction.None)),
        ["cross_entropy images"] = ([[1, 4, 3]], x => cross_entropy(x[0], Classes.unsqueeze(0), reduction: nn.Reduction.Sum)),
        ["nll_loss"] = ([[3, 4]], x => nll_loss(x[0], Classes)),
        ["attention"] = ([[2, 3, 4], [2, 5, 4], [2, 5, 2]], x => scaled_dot_product_attention(x[0], x[1], x[2])),
        ["attention causal"] = ([[1, 2, 4, 3], [1, 2, 4, 3], [1, 2, 4, 3]], x => scaled_dot_product_attention(x[0], x[1], x[2], is_casual: true)),
        ["attention transposed heads"] = ([[1, 3, 2, 2], [1, 3, 2, 2], [1, 3, 2, 2]],
            x => scaled_dot_product_attention(x[0].transpose(1, 2), x[1].transpose(1, 2), x[2].transpose(1, 2), is_casual: true)),
        ["attention bool mask"] = ([[2, 2, 3], [2, 3, 3], [2, 3, 2]],
            x => scaled_dot_product_attention(x[0], x[1], x[2], tensor(new[,] { { true, false, true }, { true, true, false } }))),
        ["attention added mask"] = ([[2, 2, 3], [2, 3, 3], [2, 3, 2]],
            x => scaled_dot_product_attention(x[0], x[1], x[2], GradCheck.Values([2, 1, 3], 5))),
        ["attention dropout"] = ([[2, 3, 4], [2, 5, 4], [2, 5, 2]], x => Seeded(() => scaled_dot_product_attention(x[0], x[1], x[2], p: 0.4))),
        ["dropout"] = ([[4, 5]], x => Seeded(() => dropout(x[0], 0.4))),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Backward_agrees_with_differences(string name)
    {
        (long[][] shapes, Func<Tensor[], Tensor> function) = Cases[name];
        GradCheck.Check(function, [.. shapes.Select((shape, i) => GradCheck.Values(shape, seed: i + 1))]);
    }

    private static Tensor Seeded(Func<Tensor> function)
    {
        manual_seed(3);
        return function();
    }
}
