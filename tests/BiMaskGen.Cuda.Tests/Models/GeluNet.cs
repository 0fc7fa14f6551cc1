namespace BiMaskGen.Cuda.Tests.Models;

[NMSparse(1, 4, Precision = Precision.Float16, PermuteEvery = 3, Decay = 0.25, Search = PermutationSearch.Weighted)]
internal sealed partial class GeluNet : OneLayer
{
    private readonly Linear fc = Linear(In, Out);

    public GeluNet() : base("net") => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => gelu(fc.call(x));
}
