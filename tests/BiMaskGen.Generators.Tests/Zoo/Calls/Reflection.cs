// emits: Calls.Reflected: redirected 1 of 2 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Calls;

[NMSparse(2, 4)]
public sealed partial class Reflected : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);

    public Reflected() : base("reflected") => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = (Tensor)typeof(Linear).GetMethod("forward")!.Invoke(fc, [x])!; // expect NMS008
        x = (Tensor)((dynamic)fc).call(x); // expect NMS008
        return fc.call(x);
    }
}
