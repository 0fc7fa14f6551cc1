// emits: Shapes.OneInEight: redirected 2 of 2 calls.
// emits: Shapes.ThreeInSeven: redirected 1 of 1 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Shapes;

[NMSparse(1, 8)] // expect NMS005
public sealed partial class OneInEight : Module<Tensor, Tensor>
{
    private readonly Linear fc1 = Linear(500, 512); // expect NMS002: ...in_features 500 is not a multiple of 8: use 496 or 504...
    private readonly Linear fc2 = Linear(512, 500); // expect NMS003: ...out_features 500 is not a multiple of 8: use 496 or 504...

    public OneInEight() : base("one") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc2.call(fc1.call(x));
}

[NMSparse(3, 7)] // expect NMS005
public sealed partial class ThreeInSeven : Module<Tensor, Tensor>
{
    // expect NMS002: ...in_features 256 is not a multiple of 7: use 252 or 259...
    private readonly Linear fc = Linear(256, 560);

    public ThreeInSeven() : base("three") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc.call(x);
}
