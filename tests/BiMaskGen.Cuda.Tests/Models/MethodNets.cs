using BiMaskGen.Integration.Tests.Reference.Rules;

namespace BiMaskGen.Cuda.Tests.Models;

/// <summary>A layer under a method, and that method's definition.</summary>
internal abstract class MethodNet(ReferenceRule? rule) : OneLayer("net")
{
    /// <summary>Steps of a run, for the schedules.</summary>
    public const int Steps = 12;

    public virtual ReferenceRule Rule => rule!;

    /// <summary>A layer by the name of its class, its weights a function of the seed.</summary>
    public static MethodNet Create(string name, int seed = 3)
    {
        manual_seed(seed);
        return name switch
        {
            nameof(SteNet) => new SteNet(),
            nameof(SrSteNet) => new SrSteNet(),
            nameof(PlainSrSteNet) => new PlainSrSteNet(),
            nameof(BdwpNet) => new BdwpNet(),
            nameof(MaskDecayNet) => new MaskDecayNet(),
            nameof(StructureDecayNet) => new StructureDecayNet(),
            nameof(DenseAroundNet) => new DenseAroundNet(),
            nameof(DenseAroundBiMaskNet) => new DenseAroundBiMaskNet(),
            nameof(OneOfFourTransposableNet) => new OneOfFourTransposableNet(),
            nameof(WideStructureDecayNet) => new WideStructureDecayNet(),
            nameof(TransposableNet) => new TransposableNet(),
            nameof(DoublePrunedNet) => new DoublePrunedNet(),
            nameof(ContinuousNet) => new ContinuousNet(),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no model has this name"),
        };
    }
}

[NMSparse(2, 4, Method = SparseMethod.Ste, Precision = Precision.BFloat16)]
internal sealed partial class SteNet : MethodNet
{
    private readonly Linear fc = Linear(In, Out);

    public SteNet() : base(new SteRule(2, 4)) => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => relu(fc.call(x));
}

[NMSparse(1, 4, Method = SparseMethod.SrSte, Precision = Precision.Float16, Decay = 0.25)]
internal sealed partial class SrSteNet : MethodNet
{
    private readonly Linear fc = Linear(In, Out);

    public SrSteNet() : base(new SteRule(1, 4, 0.25)) => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => relu(fc.call(x));
}

[NMSparse(3, 8, Method = SparseMethod.SrSte, Decay = 0.25)]
internal sealed partial class PlainSrSteNet : MethodNet
{
    private readonly Linear fc = Linear(In, Out, hasBias: false);

    public PlainSrSteNet() : base(new SteRule(3, 8, 0.25)) => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => fc.call(x);
}

[NMSparse(2, 4, Method = SparseMethod.Bdwp, Precision = Precision.BFloat16)]
internal sealed partial class BdwpNet : MethodNet
{
    private readonly Linear fc = Linear(In, Out);

    public BdwpNet() : base(new BdwpRule(2, 4)) => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => relu(fc.call(x));
}

// β: 1, 3/4, 1/2, 1/4, 0 from the eighth step on, after two dense ones.
[NMSparse(2, 4, Method = SparseMethod.MaskDecay, MaskShare = 0.4, DenseFirst = 2.0 / 12, TotalSteps = Steps, Precision = Precision.BFloat16)]
internal sealed partial class MaskDecayNet : MethodNet
{
    private readonly Linear fc = Linear(In, Out);

    public MaskDecayNet() : base(new DenseAround(2, Steps, new MaskDecayRule(2, 4, step => Math.Max(0, 1 - ((step - 2) / 4.0))))) => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => relu(fc.call(x));
}

// 7:8, 4:8, 2:8.
[NMSparse(2, 8, Method = SparseMethod.StructureDecay, TotalSteps = Steps, Precision = Precision.BFloat16)]
internal sealed partial class StructureDecayNet : MethodNet
{
    private readonly Linear fc = Linear(In, Out);

    public StructureDecayNet() : base(new StructureDecayRule(step => (step < 4 ? 7 : step < 8 ? 4 : 2, 8))) => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => relu(fc.call(x));
}

[NMSparse(2, 4, Method = SparseMethod.SrSte, Decay = 0.25, DenseFirst = 0.25, DenseLast = 0.25, TotalSteps = Steps, Precision = Precision.BFloat16)]
internal sealed partial class DenseAroundNet : MethodNet
{
    private readonly Linear fc = Linear(In, Out);

    public DenseAroundNet() : base(new DenseAround(3, 9, new SteRule(2, 4, 0.25))) => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => relu(fc.call(x));
}

// 16:64, 8:32, 4:16, 2:8.
[NMSparse(2, 8, Method = SparseMethod.StructureDecay, StructureCurve = StructureCurve.Geometric, TotalSteps = Steps, Precision = Precision.BFloat16)]
internal sealed partial class WideStructureDecayNet : MethodNet
{
    private readonly Linear fc = Linear(In, Out);

    public WideStructureDecayNet() : base(new StructureDecayRule(step => step < 3 ? (16, 64) : step < 6 ? (8, 32) : step < 9 ? (4, 16) : (2, 8))) => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => relu(fc.call(x));
}

[NMSparse(2, 4, Method = SparseMethod.Transposable, Decay = 0.25, RefreshEvery = 5, Precision = Precision.BFloat16)]
internal sealed partial class TransposableNet : MethodNet
{
    private readonly Linear fc = Linear(In, Out);

    public TransposableNet() : base(new TransposableRule(2, 4, 0.25, 5)) => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => relu(fc.call(x));
}

[NMSparse(2, 4, Method = SparseMethod.DoublePruned, RefreshEvery = 5, Precision = Precision.Float16)]
internal sealed partial class DoublePrunedNet : MethodNet
{
    private readonly Linear fc = Linear(In, Out);

    public DoublePrunedNet() : base(new DoublePrunedRule(2, 4, 5)) => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => relu(fc.call(x));
}

[NMSparse(2, 4, Method = SparseMethod.Continuous, Precision = Precision.BFloat16)]
internal sealed partial class ContinuousNet : MethodNet
{
    private readonly Linear fc = Linear(In, Out);

    public ContinuousNet() : base(new ContinuousRule()) => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => relu(fc.call(x));
}

[NMSparse(1, 4, Method = SparseMethod.Transposable, Decay = 0.25, RefreshEvery = 5)]
internal sealed partial class OneOfFourTransposableNet : MethodNet
{
    private readonly Linear fc = Linear(In, Out);

    public OneOfFourTransposableNet() : base(new TransposableRule(1, 4, 0.25, 5)) => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => relu(fc.call(x));
}

// The definition needs the permutation that is found when the method's phase begins.
[NMSparse(2, 4, Decay = 0.25, DenseFirst = 0.25, DenseLast = 0.25, TotalSteps = Steps, Precision = Precision.BFloat16)]
internal sealed partial class DenseAroundBiMaskNet : MethodNet
{
    private readonly Linear fc = Linear(In, Out);

    public DenseAroundBiMaskNet() : base(null) => RegisterComponents();

    public override Linear Layer => fc;

    public override ReferenceRule Rule => new DenseAround(3, 9, new BiMaskRule(2, 4, 0.25, Side.Permutation));

    public override Tensor forward(Tensor x) => relu(fc.call(x));
}
