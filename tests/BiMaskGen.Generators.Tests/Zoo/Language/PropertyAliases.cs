// emits: Props.Aliases: redirected 1 of 4 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Props;

/// <summary>Calls of a sparse layer by way of a local, a property with a body or an indexer run dense: what those give is not known.</summary>
[NMSparse(2, 4)]
public sealed partial class Aliases : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);

    public Aliases() : base("aliases") => RegisterComponents();

    public Linear Alias => fc;

    public Linear this[int index] => index == 0 ? fc : Alias;

    public override Tensor forward(Tensor x)
    {
        Linear local = fc;
        x = local.call(x); // expect NMS008
        x = Alias.call(x); // expect NMS008
        x = this[0].forward(x); // expect NMS008
        return fc.call(x);
    }
}
