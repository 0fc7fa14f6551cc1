// emits: Shapes.SmallHead: redirected 2 of 2 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Shapes;

/// <summary>A classifier that was not kept dense: small, and its ten classes are no multiple of four either.</summary>
[NMSparse(2, 4)]
public sealed partial class SmallHead : Module<Tensor, Tensor>
{
    private readonly Linear body = Linear(256, 128);
    private readonly Linear head = Linear(128, 10); // expect NMS003, NMS010

    public SmallHead() : base("head") => RegisterComponents();

    public override Tensor forward(Tensor x) => head.call(relu(body.call(x)));
}
