// emits: Calls.Looped: redirected 1 of 3 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Calls;

/// <summary>Fields that are sparse, called by way of an array: the compiler sees no call of a field there, so it runs dense.</summary>
[NMSparse(2, 4)]
public sealed partial class Looped : Module<Tensor, Tensor>
{
    private readonly Linear fc1 = Linear(256, 256), fc2 = Linear(256, 256), fc3 = Linear(256, 256);

    public Looped() : base("looped") => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        foreach (Linear layer in new[] { fc1, fc2 })
        {
            x = layer.call(x); // expect NMS008
        }

        return Run(fc3.call(x), fc1);
    }

    private static Tensor Run(Tensor x, Linear layer) => layer.call(x); // expect NMS008
}
