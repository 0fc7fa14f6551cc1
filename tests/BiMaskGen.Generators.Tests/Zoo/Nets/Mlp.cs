// emits: Demo.Mlp: redirected 2 of 2 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Demo;

[NMSparse(2, 4)]
public sealed partial class Mlp : Module<Tensor, Tensor>
{
    private readonly Linear fc1 = Linear(784, 512), fc2 = Linear(512, 512);
    [KeepDense] private readonly Linear head = Linear(512, 10);

    public Mlp() : base("mlp") => RegisterComponents();

    public override Tensor forward(Tensor x) => head.call(relu(fc2.call(relu(fc1.call(x)))));
}
