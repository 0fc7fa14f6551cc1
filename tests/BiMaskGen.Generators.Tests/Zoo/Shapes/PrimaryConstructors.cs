// emits: Shapes.Derived: redirected 1 of 1 calls.
// emits: Shapes.Primary: redirected 2 of 2 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Shapes;

[NMSparse(2, 4)]
public sealed partial class Primary(long width, int factor = 4) : Module<Tensor, Tensor>("primary") // expect NMS009
{
    private readonly Linear up = Linear(width, factor * width);
    private readonly Linear down = Linear(factor * width, 256);

    public override Tensor forward(Tensor x) => down.call(relu(up.call(x)));
}

public abstract class Sized(string name, int size) : Module<Tensor, Tensor>(name)
{
    public int Size => size;
}

[NMSparse(2, 4)]
public sealed partial class Derived(int size) : Sized("derived", 2 * size) // expect NMS009
{
    private readonly Linear fc = Linear(size, 512);

    public override Tensor forward(Tensor x) => fc.call(x) * Size;
}

public static class Made
{
    public static readonly Primary Small = new(64);
    public static readonly Primary Crooked = new(width: 66, factor: 8); // expect NMS002
    public static readonly Derived Bent = new Derived(130); // expect NMS002: ...130 is not a multiple of 4: use 128 or 132...
}
