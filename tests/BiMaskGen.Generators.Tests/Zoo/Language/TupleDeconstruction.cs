// emits: Tuples.Net: redirected 4 of 4 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Tuples;

[NMSparse(2, 4)]
public sealed partial class Net : Module<Tensor, Tensor> // expect NMS009
{
    private readonly Linear a, b;
    private readonly Linear c, d;

    public Net() : base("net")
    {
        (a, b) = (Linear(256, 256), Linear(256, 510)); // expect NMS003
        (c, d) = Pair();
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        (Tensor left, Tensor right) = (a.call(x), b.call(x));
        var (l, r) = (c.call(left), d.call(right));
        return l + r;
    }

    private static (Linear, Linear) Pair() => (Linear(256, 256), Linear(510, 256));
}
