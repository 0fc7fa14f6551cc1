// emits: Shapes.Constants: redirected 6 of 6 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Shapes;

public static class Widths
{
    public const int Input = 784;
    public const int Odd = Input / 2 + 2;
    public static readonly int Hidden = 512;
    public static readonly long Crooked = 2 * 255;
    public static int Settable = 256;
}

public enum Size : long
{
    Small = 256,
    Large = 1024,
}

[NMSparse(2, 4)]
public sealed partial class Constants : Module<Tensor, Tensor> // expect NMS009
{
    private const long Wide = 4 * Own;
    private const int Own = 256;
    private static readonly int Bent = 250;

    private readonly Linear a = Linear(Widths.Input, Widths.Hidden);
    private readonly Linear b = Linear(Widths.Hidden, Wide);
    private readonly Linear c = Linear(Widths.Odd, (long)Size.Small); // expect NMS002: ...394 is not a multiple of 4: use 392 or 396...
    private readonly Linear d = Linear((long)Size.Large, Bent); // expect NMS003: ...250 is not a multiple of 4: use 248 or 252...
    private readonly Linear e = Linear(Widths.Crooked, Own); // expect NMS002: ...510 is not a multiple of 4: use 508 or 512...
    private readonly Linear f = Linear(Widths.Settable, Own);

    public Constants() : base("constants") => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        const int Local = 1;
        x = f.call(e.call(d.call(x)));
        return c.call(b.call(a.call(x))) * Local;
    }
}
