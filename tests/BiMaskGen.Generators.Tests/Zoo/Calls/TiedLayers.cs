// emits: Calls.Tied: redirected 3 of 3 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Calls;

[NMSparse(2, 4)]
public sealed partial class Tied : Module<Tensor, Tensor> // expect NMS009
{
    [KeepDense] private readonly Embedding tokens = Embedding(5120, 256);
    private readonly Linear body = Linear(256, 256);
    private readonly Linear again;
    private readonly Linear output = Linear(256, 5120, hasBias: false);

    public Tied() : base("tied")
    {
        again = body;
        tokens.weight = output.weight; // Tied on purpose: the embedding looks up the dense master.
        RegisterComponents();
    }

    public override Tensor forward(Tensor ids) => output.call(again.call(body.call(tokens.call(ids))));
}
