namespace BiMaskGen.Cuda.Tests.Models;

[NMSparse(2, 4, Precision = Precision.BFloat16, PermuteEvery = 3, Decay = 0.25)]
internal sealed partial class ReluNet : OneLayer
{
    private readonly Linear fc = Linear(In, Out);

    public ReluNet() : base("net") => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => relu(fc.call(x));
}
