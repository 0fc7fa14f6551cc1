// emits: Shapes.Small: redirected 2 of 2 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Shapes;

[NMSparse(2, 4)]
public sealed partial class Small : Module<Tensor, Tensor>
{
    // expect NMS010: 'Small.tiny': in_features 16 × out_features 32 is too small to gain from 2:4: 512 weights are no more than 4096; mark it [KeepDense]
    private readonly Linear tiny = Linear(16, 32);
    private readonly Linear body = Linear(256, 256);
    [KeepDense] private readonly Linear head = Linear(32, 16);

    public Small() : base("small") => RegisterComponents();

    public override Tensor forward(Tensor x) => head.call(body.call(tiny.call(x)));
}
