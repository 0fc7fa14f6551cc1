// zoo: build_property.BiMaskTarget = cuda
// emits: Shapes.TensorCoresTarget: redirected 1 of 1 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Shapes;

[NMSparse(2, 4)]
public sealed partial class TensorCoresTarget : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(100, 256); // expect warning NMS004

    public TensorCoresTarget() : base("cores") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc.call(x);
}
