// emits: namespace.class: redirected 3 of 3 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace @namespace;

[NMSparse(2, 4)]
public sealed partial class @class : Module<Tensor, Tensor>
{
    private readonly Linear @params = Linear(256, 256);
    private readonly Linear größe = Linear(256, 256);
    private readonly Linear \u0061_1 = Linear(256, 256);

    public @class() : base("net") => RegisterComponents();

    public override Tensor forward(Tensor @this) => a_1.call(größe.call(this.@params.call(@this)));
}
