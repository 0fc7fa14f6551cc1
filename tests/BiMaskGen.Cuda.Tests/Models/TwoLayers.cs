namespace BiMaskGen.Cuda.Tests.Models;

/// <summary>Two layers whose shapes sparse tensor cores take in 8 bits too.</summary>
internal abstract class TwoLayers(string name) : Module<Tensor, Tensor>(name)
{
    public const int In = 64, Hidden = 96, Out = 32;

    public abstract Linear First { get; }

    public abstract Linear Second { get; }
}

[NMSparse(2, 4, Precision = Precision.BFloat16, PermuteEvery = 3, Decay = 0.25)]
internal sealed partial class WideNet : TwoLayers
{
    private readonly Linear fc1 = Linear(In, Hidden);
    private readonly Linear fc2 = Linear(Hidden, Out);

    public WideNet() : base("net") => RegisterComponents();

    public override Linear First => fc1;

    public override Linear Second => fc2;

    public override Tensor forward(Tensor x) => fc2.call(relu(fc1.call(x)));
}

/// <summary>The second layer fits the 16-bit products, and not the 8-bit ones.</summary>
[NMSparse(2, 4, Precision = Precision.Float16)]
internal sealed partial class HalfFittingNet : TwoLayers
{
    private readonly Linear fc1 = Linear(In, Hidden);
    private readonly Linear fc2 = Linear(Hidden, 48, hasBias: false);

    public HalfFittingNet() : base("net") => RegisterComponents();

    public override Linear First => fc1;

    public override Linear Second => fc2;

    public override Tensor forward(Tensor x) => gelu(fc2.call(fc1.call(x)));
}
