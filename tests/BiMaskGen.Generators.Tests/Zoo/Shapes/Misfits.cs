// emits: Shapes.Misfits: redirected 3 of 3 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Shapes;

[NMSparse(2, 4)]
public sealed partial class Misfits : Module<Tensor, Tensor>
{
    // expect NMS002: in_features 50 is not a multiple of 4: use 48 or 52 (the forward groups of 'Misfits.narrow' end in a remainder of 2)
    private readonly Linear narrow = Linear(50, 128);

    // expect NMS003: out_features 70 is not a multiple of 4: use 68 or 72 (the backward groups of 'Misfits.wide' end in a remainder of 2)
    private readonly Linear wide = Linear(128, 70);

    // expect NMS002: ...in_features 2047 is not a multiple of 4: use 2044 or 2048...
    // expect NMS003: ...out_features 1021 is not a multiple of 4: use 1020 or 1024...
    private readonly Linear both = Linear(2047, 1021);

    [KeepDense] private readonly Linear meant = Linear(50, 70);

    public Misfits() : base("misfits") => RegisterComponents();

    public override Tensor forward(Tensor x) => meant.call(both.call(wide.call(narrow.call(x))));
}
