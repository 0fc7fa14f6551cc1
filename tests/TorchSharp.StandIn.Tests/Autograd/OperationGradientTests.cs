using Xunit;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Autograd;

/// <summary>Every differentiable operation of tensors, broadcasting and views included.</summary>
public class OperationGradientTests
{
    private static readonly Tensor Picks = tensor([2L, 0, 2, 1]);
    private static readonly Tensor Mask = tensor(new[,] { { true, false, true }, { false, false, true } });

    private static readonly Dictionary<string, (long[][] Shapes, Func<Tensor[], Tensor> Function)> Cases = new()
    {
        ["add"] = ([[2, 3], [2, 3]], x => x[0] + x[1]),
        ["add broadcast row"] = ([[2, 3], [3]], x => x[0] + x[1]),
        ["add broadcast column"] = ([[2, 3], [2, 1]], x => x[0] + x[1]),
        ["add broadcast both"] = ([[2, 1, 3], [4, 1]], x => x[0] + x[1]),
        ["add scalar tensor"] = ([[2, 3], []], x => x[0] + x[1]),
        ["add alpha"] = ([[2, 3], [3]], x => x[0].add(x[1], 0.5)),
        ["sub"] = ([[2, 3], [1, 3]], x => x[0] - x[1]),
        ["rsub"] = ([[2, 3]], x => 1 - x[0]),
        ["mul"] = ([[2, 3], [2, 3]], x => x[0] * x[1]),
        ["mul broadcast"] = ([[2, 3], [2, 1]], x => x[0] * x[1]),
        ["mul scalar"] = ([[2, 3]], x => x[0] * 3),
        ["mul self"] = ([[2, 3]], x => x[0] * x[0]),
        ["div"] = ([[2, 3], [3]], x => x[0] / (x[1].square() + 1)),
        ["div scalar"] = ([[2, 3]], x => x[0] / 3),
        ["rdiv"] = ([[2, 3]], x => 2 / (x[0].square() + 1)),
        ["pow 2"] = ([[2, 3]], x => x[0].pow(2)),
        ["pow 3"] = ([[2, 3]], x => x[0].pow(3)),
        ["pow tensor"] = ([[2, 3], [3]], x => (x[0].square() + 1).pow(x[1])),
        ["maximum"] = ([[2, 3], [2, 3]], x => x[0].maximum(x[1] * 0.3)),
        ["minimum"] = ([[2, 3], [3]], x => x[0].minimum(x[1] * 0.3)),
        ["clamp"] = ([[2, 3]], x => x[0].clamp(-1.2, 0.9)),
        ["addcmul"] = ([[2, 3], [2, 3], [3]], x => x[0].addcmul(x[1], x[2], 0.5)),
        ["addcdiv"] = ([[2, 3], [2, 3], [3]], x => x[0].addcdiv(x[1], x[2].square() + 1, 0.5)),
        ["neg"] = ([[2, 3]], x => -x[0]),
        ["abs"] = ([[2, 3]], x => x[0].abs()),
        ["sqrt"] = ([[2, 3]], x => (x[0].square() + 1).sqrt()),
        ["rsqrt"] = ([[2, 3]], x => (x[0].square() + 1).rsqrt()),
        ["reciprocal"] = ([[2, 3]], x => (x[0].square() + 1).reciprocal()),
        ["exp"] = ([[2, 3]], x => x[0].exp()),
        ["log"] = ([[2, 3]], x => (x[0].square() + 1).log()),
        ["log1p"] = ([[2, 3]], x => x[0].square().log1p()),
        ["sin"] = ([[2, 3]], x => x[0].sin()),
        ["cos"] = ([[2, 3]], x => x[0].cos()),
        ["tanh"] = ([[2, 3]], x => x[0].tanh()),
        ["sigmoid"] = ([[2, 3]], x => x[0].sigmoid()),
        ["relu"] = ([[5, 7]], x => x[0].relu()),
        ["gelu"] = ([[5, 7]], x => x[0].gelu()),
        ["gelu tanh"] = ([[5, 7]], x => x[0].gelu(Modules.GELU.Approximate.tanh)),
        ["silu"] = ([[5, 7]], x => x[0].silu()),
        ["erf"] = ([[5, 7]], x => x[0].erf()),
        ["sum"] = ([[2, 3]], x => x[0].sum()),
        ["sum dims"] = ([[2, 3, 4]], x => x[0].sum([0, 2])),
        ["sum keepdim"] = ([[2, 3]], x => x[0].sum(1L, true)),
        ["mean"] = ([[2, 3]], x => x[0].mean()),
        ["mean dims"] = ([[2, 3, 4]], x => x[0].mean([1], true)),
        ["var"] = ([[2, 3, 4]], x => x[0].var([0, 2])),
        ["std"] = ([[2, 3]], x => x[0].std(1L, unbiased: false)),
        ["norm"] = ([[2, 3]], x => x[0].norm()),
        ["norm 1"] = ([[2, 3]], x => x[0].norm(1, false, 1)),
        ["norm 3"] = ([[2, 3]], x => x[0].norm(3f)),
        ["max"] = ([[2, 3]], x => x[0].max()),
        ["max dim"] = ([[2, 3]], x => x[0].max(0).values),
        ["min dim"] = ([[2, 3]], x => x[0].min(1, true).values),
        ["amax"] = ([[2, 3, 2]], x => x[0].amax([0, 2], true)),
        ["amin"] = ([[2, 3, 2]], x => x[0].amin([1], false)),
        ["softmax"] = ([[2, 5]], x => x[0].softmax(1)),
        ["softmax inner"] = ([[2, 5, 3]], x => x[0].softmax(1)),
        ["log_softmax"] = ([[2, 5]], x => x[0].log_softmax(-1)),
        ["logsumexp"] = ([[2, 5]], x => x[0].logsumexp(1)),
        ["cumsum"] = ([[3, 4]], x => x[0].cumsum(0)),
        ["matmul"] = ([[3, 4], [4, 2]], x => x[0].matmul(x[1])),
        ["matmul transposed"] = ([[4, 3], [2, 4]], x => x[0].t().matmul(x[1].t())),
        ["matmul vector"] = ([[3, 4], [4]], x => x[0].matmul(x[1])),
        ["matmul vector left"] = ([[4], [4, 3]], x => x[0].matmul(x[1])),
        ["dot"] = ([[4], [4]], x => x[0].matmul(x[1])),
        ["matmul batch by matrix"] = ([[2, 3, 4], [4, 2]], x => x[0].matmul(x[1])),
        ["matmul broadcast batch"] = ([[2, 1, 3, 2], [3, 2, 2]], x => x[0].matmul(x[1])),
        ["bmm"] = ([[2, 3, 4], [2, 4, 2]], x => x[0].bmm(x[1])),
        ["index_select"] = ([[3, 2]], x => x[0].index_select(0, Picks)),
        ["index_select inner"] = ([[2, 3]], x => x[0].index_select(1, Picks)),
        ["gather"] = ([[3, 4]], x => x[0].gather(0, Picks.unsqueeze(0))),
        ["scatter"] = ([[3, 4], [1, 4]], x => x[0].scatter(0, Picks.unsqueeze(0), x[1])),
        ["scatter_add"] = ([[3, 4], [1, 4]], x => x[0].scatter_add(0, Picks.unsqueeze(0), x[1])),
        ["masked_fill"] = ([[2, 3]], x => x[0].masked_fill(Mask, 7)),
        ["masked_select"] = ([[2, 3]], x => x[0].masked_select(Mask)),
        ["where"] = ([[2, 3], [3]], x => where(Mask, x[0], x[1])),
        ["tril"] = ([[3, 4]], x => x[0].tril()),
        ["triu"] = ([[2, 3, 4]], x => x[0].triu(1)),
        ["cat"] = ([[2, 3], [2, 1]], x => cat([x[0], x[1]], 1)),
        ["stack"] = ([[2, 3], [2, 3]], x => stack([x[0], x[1]], 1)),
        ["view"] = ([[2, 6]], x => x[0].view(3, -1).square()),
        ["reshape transposed"] = ([[2, 6]], x => x[0].t().reshape(4, 3).square()),
        ["permute"] = ([[2, 3, 4]], x => x[0].permute(2, 0, 1).exp()),
        ["transpose"] = ([[2, 3]], x => x[0].transpose(0, 1).exp()),
        ["unsqueeze"] = ([[2, 3]], x => x[0].unsqueeze(1).exp()),
        ["squeeze"] = ([[2, 1, 3]], x => x[0].squeeze(1).exp()),
        ["expand"] = ([[2, 1]], x => x[0].expand(3, 2, 4).square()),
        ["narrow"] = ([[4, 3]], x => x[0].narrow(0, 1, 2).square()),
        ["slice"] = ([[5, 3]], x => x[0].slice(0, 0, 5, 2).square()),
        ["select"] = ([[4, 3]], x => x[0].select(1, -1).square()),
        ["index"] = ([[4, 3]], x => x[0][TensorIndex.Slice(1, 3), TensorIndex.Single(0)].square()),
        ["index tensor"] = ([[3, 2]], x => x[0][TensorIndex.Tensor(Picks)].square()),
        ["chunk"] = ([[2, 6]], x => x[0].chunk(3, 1) is var c ? (c[0] * c[2]) + c[1] : x[0]),
        ["repeat"] = ([[2, 3]], x => x[0].repeat(2, 1, 2).square()),
        ["flip"] = ([[2, 3]], x => x[0].flip(0, 1) * x[0]),
        ["sort"] = ([[2, 5]], x => x[0].sort(1, true).values.cumsum(1)),
        ["topk"] = ([[2, 5]], x => x[0].topk(2).values),
        ["clone"] = ([[2, 3]], x => x[0].clone().square()),
        ["alias"] = ([[2, 3]], x => x[0].alias().square()),
        ["in place on a result"] = ([[2, 3], [3]], x => (x[0] * 2).mul_(x[1]).add_(x[0])),
        ["copy_"] = ([[2, 3], [3]], x => (x[0] * 2).copy_(x[1].square()) + x[0]),
        ["zero_"] = ([[2, 3]], x => (x[0] * 2).zero_() + x[0]),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Backward_agrees_with_differences(string name)
    {
        (long[][] shapes, Func<Tensor[], Tensor> function) = Cases[name];
        GradCheck.Check(function, [.. shapes.Select((shape, i) => GradCheck.Values(shape, seed: i + 1))]);
    }
}
