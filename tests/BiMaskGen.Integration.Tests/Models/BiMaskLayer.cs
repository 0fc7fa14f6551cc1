namespace BiMaskGen.Integration.Tests.Models;

[NMSparse(2, 4)]
internal sealed partial class BiMaskLayer : OneLayer
{
    private readonly Linear fc = Linear(In, Out, hasBias: false);

    public BiMaskLayer() : base("net") => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => fc.call(x);
}
