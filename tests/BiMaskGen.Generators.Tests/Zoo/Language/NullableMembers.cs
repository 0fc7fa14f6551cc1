// emits: Maybe.Net: redirected 3 of 4 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Maybe;

[NMSparse(2, 4)]
public sealed partial class Net : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);
    private readonly Linear? shortcut;
    private readonly Linear? extra = null;
    private readonly LayerNorm? norm;

    public Net(bool project) : base("net")
    {
        if (project)
        {
            shortcut = Linear(256, 256);
        }

        extra = Linear(256, 256);
        norm = project ? LayerNorm(256) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        Tensor side = shortcut?.call(x) ?? x; // expect NMS008
        if (shortcut is not null)
        {
            side = shortcut.call(x);
        }

        x = norm?.call(x) ?? x;
        return fc.call(extra!.call(x)) + side;
    }
}
