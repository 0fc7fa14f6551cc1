// emits: Vision.Encoder: redirected 2 of 2 calls.
using System.Linq;
using BiMaskGen;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Vision;

public sealed class VisionTransformer : Module<Tensor, Tensor>
{
    private readonly Conv2d patches = Conv2d(3, 192, 16, stride: 16);
    private readonly Parameter cls = Parameter(zeros(1, 1, 192));
    private readonly ModuleList<Encoder> encoders = ModuleList(Enumerable.Range(0, 12).Select(i => new Encoder(i)).ToArray());
    private readonly Linear head = Linear(192, 1000);

    public VisionTransformer() : base("vit") => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = patches.call(x).flatten(2).transpose(1, 2);
        x = cat([cls.expand(x.shape[0], -1, -1), x], 1);
        x = encoders.Aggregate(x, (current, encoder) => encoder.call(current));
        return head.call(x[TensorIndex.Ellipsis, TensorIndex.Single(0), TensorIndex.Colon]);
    }
}

[NMSparse(2, 4)]
public sealed partial class Encoder : Module<Tensor, Tensor>
{
    private readonly Linear fc1 = Linear(192, 192 * 4);
    private readonly Linear fc2 = Linear(192 * 4, 192);
    private readonly double _survival;

    public Encoder(int depth) : base($"encoder{depth}")
    {
        _survival = 1 - (0.1 * depth / 12);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => training && _survival < 0.95
        ? x
        : x + fc2.call(gelu(fc1.call(layer_norm(x, [192]))));
}
