namespace BiMaskGen.Cuda.Tests.Models;

// What it multiplies are not its weights: soft-thresholded ones, scaled.
[NMSparse(2, 4, Method = SparseMethod.Continuous, Precision = Precision.BFloat16)]
internal sealed partial class SoftNet : OneLayer
{
    private readonly Linear fc = Linear(In, Out);

    public SoftNet() : base("net") => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => silu(fc.call(x));
}
