using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Models;

[NMSparse(2, 4)]
internal sealed partial class BiMaskConv : OneConv
{
    private readonly Conv2d conv;

    public BiMaskConv(Conv2d layer) : base("conv")
    {
        conv = layer;
        RegisterComponents();
    }

    public override Convolution Layer => conv;

    public override Tensor forward(Tensor x) => Activation switch
    {
        Act.Relu => relu(conv.call(x)),
        Act.Gelu => conv.forward(x).gelu(),
        _ => conv.call(x),
    };
}
