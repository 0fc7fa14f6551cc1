namespace BiMaskGen.Cuda.Tests.Models;

[NMSparse(2, 4, Decay = 0.5, DecoupledDecay = true, PermuteEvery = 3, Precision = Precision.BFloat16)]
internal sealed partial class DecoupledBiMaskNet : OneLayer
{
    private readonly Linear fc = Linear(In, Out);

    public DecoupledBiMaskNet() : base("net") => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => fc.call(x);
}

[NMSparse(1, 4, Method = SparseMethod.SrSte, Decay = 0.5, DecoupledDecay = true, DenseFirst = 0.25, TotalSteps = 8)]
internal sealed partial class DecoupledSrSteNet : OneLayer
{
    private readonly Linear fc = Linear(In, Out);

    public DecoupledSrSteNet() : base("net") => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => fc.call(x);
}

[NMSparse(2, 4, Method = SparseMethod.Transposable, Decay = 0.5, DecoupledDecay = true, RefreshEvery = 3)]
internal sealed partial class DecoupledTransposableNet : OneLayer
{
    private readonly Linear fc = Linear(In, Out);

    public DecoupledTransposableNet() : base("net") => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => fc.call(x);
}
