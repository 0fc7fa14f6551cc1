// emits: Demo.Siamese: redirected 3 of 3 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Demo;

/// <summary>Shared layers: one layer, several calls, each with what is around it.</summary>
[NMSparse(2, 4)]
public sealed partial class Siamese() : Module<Tensor, Tensor, Tensor>("siamese")
{
    private readonly Linear shared = Linear(512, 256);
    private readonly Linear joint = Linear(256, 256);

    public override Tensor forward(Tensor left, Tensor right)
    {
        Tensor a = Embed(left), b = shared.call(right);
        return (joint.call(a - b)).relu();
    }

    private Tensor Embed(Tensor x) => tanh(shared.call(x));
}
