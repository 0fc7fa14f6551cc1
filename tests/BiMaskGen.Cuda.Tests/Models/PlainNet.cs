namespace BiMaskGen.Cuda.Tests.Models;

// float32 operands and a pattern that no tensor core takes: masked dense, by the same kernels.
[NMSparse(3, 8, PermuteEvery = 3, Decay = 0.25)]
internal sealed partial class PlainNet : OneLayer
{
    private readonly Linear fc = Linear(In, Out, hasBias: false);

    public PlainNet() : base("net") => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => fc.call(x);
}
