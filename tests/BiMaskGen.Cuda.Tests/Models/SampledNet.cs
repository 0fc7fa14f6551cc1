namespace BiMaskGen.Cuda.Tests.Models;

[NMSparse(2, 4, Mvue = true, Seed = 3, PermuteEvery = 3, Decay = 0.25)]
internal sealed partial class SampledNet : OneLayer
{
    private readonly Linear fc = Linear(In, Out);

    public SampledNet() : base("net") => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => fc.call(x);
}

[NMSparse(1, 2, Method = SparseMethod.Ste, Mvue = true)]
internal sealed partial class SampledInPairsNet : OneLayer
{
    private readonly Linear fc = Linear(In, Out);

    public SampledInPairsNet() : base("net") => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => fc.call(x);
}
