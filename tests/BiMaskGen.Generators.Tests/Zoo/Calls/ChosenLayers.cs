// emits: Calls.Chosen: redirected 3 of 7 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Calls;

/// <summary>Casts change nothing; a choice among layers is made at run time, where no call can be redirected any more.</summary>
[NMSparse(2, 4)]
public sealed partial class Chosen : Module<Tensor, Tensor>
{
    private readonly Linear fc1 = Linear(256, 256), fc2 = Linear(256, 256);
    private readonly Module<Tensor, Tensor> hidden = Linear(256, 256);
    private readonly ReLU activation = ReLU();

    public Chosen() : base("chosen") => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = ((Linear)hidden).call(x);
        x = ((Module<Tensor, Tensor>)fc1).call(x).relu();
        x = (training ? fc1 : fc2).call(x); // expect NMS008
        x = (x.dim() switch { 2 => fc1, _ => fc2 }).forward(x); // expect NMS008
        x = new[] { fc1, fc2 }[1].call(x); // expect NMS008
        Linear either = training ? fc1 : fc2;
        x = either.call(x); // expect NMS008
        return activation.call(fc2.call(x));
    }
}
