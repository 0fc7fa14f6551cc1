// emits: Shapes.Reassigned: redirected 3 of 3 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Shapes;

[NMSparse(2, 4)]
public sealed partial class Reassigned : Module<Tensor, Tensor> // expect NMS009
{
    private Linear twice = Linear(256, 256);
    private Linear same = Linear(256, 512);
    public Linear open = Linear(256, 512);

    public Reassigned(bool wide) : base("reassigned")
    {
        if (wide)
        {
            twice = Linear(256, 1024);
        }

        same = Linear(256, 512);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => open.call(same.call(twice.call(x)));

    public void Reset() => (twice, same) = (Linear(256, 256), Linear(256, 512));
}
