namespace BiMaskGen.Cuda.Tests.Models;

[NMSparse(2, 4, Precision = Precision.BFloat16, PermuteEvery = 8)]
internal sealed partial class SearchNet : OneLayer
{
    private readonly Linear fc = Linear(In, Out);

    public SearchNet() : base("net") => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => fc.call(x);
}

[NMSparse(2, 4, Precision = Precision.BFloat16, PermuteEvery = 8, WarmStart = true, SearchAbove = 0.001)]
internal sealed partial class ChoosySearchNet : OneLayer
{
    private readonly Linear fc = Linear(In, Out);

    public ChoosySearchNet() : base("net") => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => fc.call(x);
}

/// <summary>Searches where hardly anything of the mask is left.</summary>
[NMSparse(2, 4, Precision = Precision.BFloat16, PermuteEvery = 8, SearchAbove = 0.9)]
internal sealed partial class IdleSearchNet : OneLayer
{
    private readonly Linear fc = Linear(In, Out);

    public IdleSearchNet() : base("net") => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => fc.call(x);
}
