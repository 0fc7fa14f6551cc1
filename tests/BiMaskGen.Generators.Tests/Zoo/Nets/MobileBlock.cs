// emits: Vision.MobileBlock: redirected 2 of 2 calls.
// emits: Vision.SqueezeExcite: redirected 2 of 2 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Vision;

[NMSparse(2, 4)]
public sealed partial class MobileBlock : Module<Tensor, Tensor>
{
    private const long Inner = 6 * 32;

    private readonly Conv2d expand = Conv2d(32, Inner, 1, bias: false);
    // expect NMS007: 'MobileBlock.depthwise' stays dense: Conv2d is a depthwise convolution; mark it [KeepDense] if that is meant
    private readonly Conv2d depthwise = Conv2d(Inner, Inner, 3, padding: 1, groups: Inner, bias: false);
    private readonly SqueezeExcite squeeze = new();
    private readonly Conv2d project = Conv2d(Inner, 32, 1, bias: false);

    public MobileBlock() : base("mobile") => RegisterComponents();

    public override Tensor forward(Tensor x) => x + project.call(squeeze.call(depthwise.call(expand.call(x))));
}

[NMSparse(2, 4)]
public sealed partial class SqueezeExcite() : Module<Tensor, Tensor>("se")
{
    private readonly Linear down = Linear(192, 48), up = Linear(48, 192);

    public override Tensor forward(Tensor x)
    {
        Tensor scale = functional.adaptive_avg_pool2d(x, 1).flatten(1);
        scale = sigmoid(up.call(down.call(scale).relu()));
        return x * scale.unsqueeze(-1).unsqueeze(-1);
    }
}
