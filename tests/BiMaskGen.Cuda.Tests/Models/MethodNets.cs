using BiMaskGen.Integration.Tests.Reference.Rules;

namespace BiMaskGen.Cuda.Tests.Models;

/// <summary>A layer under a method, and that method's definition.</summary>
internal abstract class MethodNet(ReferenceRule rule) : OneLayer("net")
{
    /// <summary>Steps of a run, for the schedules.</summary>
    public const int Steps = 12;

    public ReferenceRule Rule { get; } = rule;
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
