using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Digits;

/// <summary>
/// 64 pixels to 10 classes. The attribute makes fc1 and fc2 train sparse in both directions, their relu fused; the build derives
/// the other patterns and searches, and the dense model, from this file.
/// </summary>
[NMSparse(2, 4)]
internal sealed partial class Mlp : Module<Tensor, Tensor>
{
    private readonly Linear fc1 = Linear(64, 512), fc2 = Linear(512, 512);
    [KeepDense] private readonly Linear head = Linear(512, 10);

    public Mlp() : base("mlp") => RegisterComponents();

    public override Tensor forward(Tensor x) => head.call(relu(fc2.call(relu(fc1.call(x)))));
}
