// emits: Shapes.Arithmetic: redirected 8 of 8 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Shapes;

[NMSparse(2, 4)]
public sealed partial class Arithmetic : Module<Tensor, Tensor>
{
    private readonly Linear product = Linear(28 * 28, 3 * 256);
    private readonly Linear shifted = Linear(3 << 8, 1 << 9);
    private readonly Linear grouped = Linear((2 + 6) * 64, 1024 / 2 - 256);
    private readonly Linear casted = Linear((int)256.0, (long)(0x100u));
    private readonly Linear separated = Linear(2_5_6, 1_024L);
    private readonly Linear measured = Linear(sizeof(double) * 128, 'a' + 31);
    private readonly Linear odd = Linear(128, 255 + 255); // expect NMS003: ...510 is not a multiple of 4: use 508 or 512...
    private readonly Linear remainder = Linear(510, 1024 % 600); // expect NMS002: ...510 is not a multiple of 4: use 508 or 512...

    public Arithmetic() : base("arithmetic") => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = grouped.call(shifted.call(product.call(x)));
        x = measured.call(separated.call(casted.call(x)));
        return remainder.call(odd.call(x));
    }
}
