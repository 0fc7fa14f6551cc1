// emits: Rules.BadMembers: redirected 1 of 1 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Rules;

[NMSparse(2, 4)]
public sealed partial class BadMembers : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);

    // expect NMS016: 'torn' carries both [NMSparse] and [KeepDense]: remove one of them
    [NMSparse(2, 4), KeepDense] private readonly Linear torn = Linear(50, 50);

    // expect NMS019: [NMSparse] has no meaning on 'conv': it is no instance field or auto-property that always holds a Linear, a convolution that can be sparse, or such layers in a container; declare it as such, or remove the attribute
    [NMSparse(2, 4)] private readonly Conv2d conv = Conv2d(16, 16, 3, groups: 2);

    [KeepDense] private readonly int count = 3; // expect NMS019

    [KeepDense] private static readonly Linear s_shared = Linear(50, 50); // expect NMS019

    public BadMembers() : base("bad") => RegisterComponents();

    public override Tensor forward(Tensor x) => s_shared.call(conv.call(torn.call(fc.call(x)))) * count;
}
