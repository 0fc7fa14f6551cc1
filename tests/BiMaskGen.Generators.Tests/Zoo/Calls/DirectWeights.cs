// emits: Calls.DirectWeights: redirected 2 of 2 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Calls;

[NMSparse(2, 4)]
public sealed partial class DirectWeights : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);
    [KeepDense] private readonly Linear head = Linear(256, 10);
    private readonly LayerNorm norm = LayerNorm(256);
    private readonly double weight = 0.5;

    public DirectWeights() : base("direct")
    {
        RegisterComponents();
        init.xavier_uniform_(fc.weight);
        init.zeros_(fc.bias!);
        init.ones_(head.weight);
        init.ones_(norm.weight!);
    }

    public override Tensor forward(Tensor x)
    {
        // expect NMS015: The weight of 'DirectWeights.fc' is used past its masks: pruned entries are in it; call the layer to use what it keeps
        Tensor y = linear(x, fc.weight, fc.bias);
        y = y + x.matmul(this.fc.weight.t()); // expect NMS015
        y = y + linear(x, head.weight) + norm.weight!;
        System.Console.WriteLine(nameof(fc.weight));
        return head.call(fc.call(y)) * weight + fc.call(x);
    }

    public long Parameters() => fc.weight.numel();
}
