using BiMaskGen.Integration.Tests.Reference;
using BiMaskGen.Integration.Tests.Reference.Rules;

namespace BiMaskGen.Integration.Tests.Models;

/// <summary>The methods in four chains: every layer has a method of its own, and its reference with it.</summary>
internal static class MethodStacks
{
    /// <summary>Steps of a run, as the attributes say it.</summary>
    public const int Steps = 100;

    public static string[] Names { get; } = ["straight", "kept", "decaying", "dense phases"];

    public static Stack Create(string name, int seed)
    {
        manual_seed(seed);
        return name switch
        {
            "straight" => new StraightMethods(),
            "kept" => new KeptMethods(),
            "decaying" => new DecayingMethods(),
            "dense phases" => new DensePhases(),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no chain has this name"),
        };
    }
}

/// <summary>Masks that follow every change of the weight.</summary>
internal sealed partial class StraightMethods : Stack
{
    private readonly ReferenceRule[] _rules = [new SteRule(2, 4), new SteRule(1, 4, 0.01), new BdwpRule(2, 4), new ContinuousRule(), new BdwpRule(3, 7)];

    [NMSparse(2, 4, Method = SparseMethod.Ste)]
    private readonly Linear ste = Linear(50, 27);

    [NMSparse(1, 4, Method = SparseMethod.SrSte, Decay = 0.01)]
    private readonly Linear srSte = Linear(27, 70, hasBias: false);

    [NMSparse(2, 4, Method = SparseMethod.Bdwp)]
    private readonly Linear bdwp = Linear(70, 33);

    [NMSparse(2, 4, Method = SparseMethod.Continuous)]
    private readonly Linear continuous = Linear(33, 30);

    [NMSparse(3, 7, Method = SparseMethod.Bdwp)]
    private readonly Linear odd = Linear(30, 20, hasBias: false);

    public StraightMethods() : base("stack") => RegisterComponents();

    public override IReadOnlyList<StackLayer> Plan =>
    [
        new("ste", ste, Act.Relu, 2, 4) { Rule = _rules[0] }, new("srSte", srSte, Act.Gelu, 1, 4) { Rule = _rules[1] },
        new("bdwp", bdwp, Act.Gelu, 2, 4) { Rule = _rules[2] }, new("continuous", continuous, Act.Gelu, 2, 4) { Rule = _rules[3] },
        new("odd", odd, Act.None, 3, 7) { Rule = _rules[4] },
    ];

    public override Tensor forward(Tensor x) =>
        odd.call(gelu(continuous.call(gelu(bdwp.call(gelu(srSte.call(relu(ste.call(x)))))))));

    public override Tensor Probe(int layer, Tensor x) =>
        layer switch { 0 => ste.call(x), 1 => srSte.call(x), 2 => bdwp.call(x), 3 => continuous.call(x), _ => odd.call(x) };
}

/// <summary>Masks that stay between refreshes.</summary>
internal sealed partial class KeptMethods : Stack
{
    private readonly ReferenceRule[] _rules =
        [new TransposableRule(2, 4, 2e-4, 40), new TransposableRule(1, 4, 0.01, 7), new DoublePrunedRule(2, 4, 0), new DoublePrunedRule(2, 8, 15)];

    [NMSparse(2, 4, Method = SparseMethod.Transposable)]
    private readonly Linear both = Linear(50, 27);

    [NMSparse(1, 4, Method = SparseMethod.Transposable, RefreshEvery = 7, Decay = 0.01)]
    private readonly Linear greedy = Linear(27, 70, hasBias: false);

    [NMSparse(2, 4, Method = SparseMethod.DoublePruned)]
    private readonly Linear stays = Linear(70, 33);

    [NMSparse(2, 8, Method = SparseMethod.DoublePruned, RefreshEvery = 15)]
    private readonly Linear refreshed = Linear(33, 30);

    public KeptMethods() : base("stack") => RegisterComponents();

    public override IReadOnlyList<StackLayer> Plan =>
    [
        new("both", both, Act.Relu, 2, 4) { Rule = _rules[0] }, new("greedy", greedy, Act.Gelu, 1, 4) { Rule = _rules[1] },
        new("stays", stays, Act.Gelu, 2, 4) { Rule = _rules[2] }, new("refreshed", refreshed, Act.None, 2, 8) { Rule = _rules[3] },
    ];

    public override Tensor forward(Tensor x) => refreshed.call(gelu(stays.call(gelu(greedy.call(relu(both.call(x)))))));

    public override Tensor Probe(int layer, Tensor x) =>
        layer switch { 0 => both.call(x), 1 => greedy.call(x), 2 => stays.call(x), _ => refreshed.call(x) };
}

/// <summary>Masks and patterns that come in over the run; two of the schedules end within it.</summary>
internal sealed partial class DecayingMethods : Stack
{
    private readonly ReferenceRule[] _rules =
    [
        new MaskDecayRule(2, 4, t => Math.Max(0, 1 - (0.0125 * t))),
        new MaskDecayRule(1, 4, t => t < 60 ? Math.Exp(-Math.Log(1000) / 60 * t) : 0, maskGradient: false),
        new StructureDecayRule(t => t < 33.3 ? (7, 8) : t < 66.6 ? (4, 8) : (2, 8)),
        new StructureDecayRule(t => t < 25 ? (16, 128) : t < 50 ? (8, 64) : t < 75 ? (4, 32) : (2, 16)),
        new MaskDecayRule(2, 4, t => Math.Exp(-0.03 * t)),
    ];

    [NMSparse(2, 4, Method = SparseMethod.MaskDecay, MaskRate = 0.0125)]
    private readonly Linear linear = Linear(50, 27);

    [NMSparse(1, 4, Method = SparseMethod.MaskDecay, MaskCurve = MaskCurve.Exponential, MaskShare = 0.6, MaskGradient = false, TotalSteps = MethodStacks.Steps)]
    private readonly Linear share = Linear(27, 40, hasBias: false);

    [NMSparse(2, 8, Method = SparseMethod.StructureDecay, TotalSteps = MethodStacks.Steps)]
    private readonly Linear stepwise = Linear(40, 70);

    [NMSparse(2, 16, Method = SparseMethod.StructureDecay, StructureCurve = StructureCurve.Geometric, TotalSteps = MethodStacks.Steps)]
    private readonly Linear geometric = Linear(70, 30);

    [NMSparse(2, 4, Method = SparseMethod.MaskDecay, MaskCurve = MaskCurve.Exponential, MaskRate = 0.03)]
    private readonly Linear exponential = Linear(30, 20);

    public DecayingMethods() : base("stack") => RegisterComponents();

    public override IReadOnlyList<StackLayer> Plan =>
    [
        new("linear", linear, Act.Relu, 2, 4) { Rule = _rules[0] }, new("share", share, Act.Gelu, 1, 4) { Rule = _rules[1] },
        new("stepwise", stepwise, Act.Gelu, 2, 8) { Rule = _rules[2] }, new("geometric", geometric, Act.Gelu, 2, 16) { Rule = _rules[3] },
        new("exponential", exponential, Act.None, 2, 4) { Rule = _rules[4] },
    ];

    public override Tensor forward(Tensor x) =>
        exponential.call(gelu(geometric.call(gelu(stepwise.call(gelu(share.call(relu(linear.call(x)))))))));

    public override Tensor Probe(int layer, Tensor x) =>
        layer switch { 0 => linear.call(x), 1 => share.call(x), 2 => stepwise.call(x), 3 => geometric.call(x), _ => exponential.call(x) };
}

/// <summary>Methods between two dense phases: 10 steps before, 20 after.</summary>
internal sealed partial class DensePhases : Stack
{
    private readonly ReferenceRule[] _rules =
    [
        new DenseAround(10, 80, new SteRule(2, 4, 0.01)),
        new DenseAround(10, 80, new TransposableRule(2, 4, 2e-4, 15)),
        new DenseAround(10, 80, new StructureDecayRule(t => t - 10 < 35 ? (3, 4) : (2, 4))),
        new DenseAround(10, 80, new ContinuousRule()),
        new DenseAround(10, 80, new MaskDecayRule(2, 4, t => Math.Max(0, 1 - ((t - 10) / 35.0)))),
    ];

    [NMSparse(2, 4, Method = SparseMethod.SrSte, Decay = 0.01, TotalSteps = MethodStacks.Steps, DenseFirst = 0.1, DenseLast = 0.2)]
    private readonly Linear srSte = Linear(50, 27);

    [NMSparse(2, 4, Method = SparseMethod.Transposable, RefreshEvery = 15, TotalSteps = MethodStacks.Steps, DenseFirst = 0.1, DenseLast = 0.2)]
    private readonly Linear transposable = Linear(27, 40, hasBias: false);

    [NMSparse(2, 4, Method = SparseMethod.StructureDecay, TotalSteps = MethodStacks.Steps, DenseFirst = 0.1, DenseLast = 0.2)]
    private readonly Linear structure = Linear(40, 33);

    [NMSparse(2, 4, Method = SparseMethod.Continuous, TotalSteps = MethodStacks.Steps, DenseFirst = 0.1, DenseLast = 0.2)]
    private readonly Linear continuous = Linear(33, 30);

    [NMSparse(2, 4, Method = SparseMethod.MaskDecay, MaskShare = 0.5, TotalSteps = MethodStacks.Steps, DenseFirst = 0.1, DenseLast = 0.2)]
    private readonly Linear mask = Linear(30, 20);

    public DensePhases() : base("stack") => RegisterComponents();

    public override IReadOnlyList<StackLayer> Plan =>
    [
        new("srSte", srSte, Act.Relu, 2, 4) { Rule = _rules[0] }, new("transposable", transposable, Act.Gelu, 2, 4) { Rule = _rules[1] },
        new("structure", structure, Act.Gelu, 2, 4) { Rule = _rules[2] }, new("continuous", continuous, Act.Gelu, 2, 4) { Rule = _rules[3] },
        new("mask", mask, Act.None, 2, 4) { Rule = _rules[4] },
    ];

    public override Tensor forward(Tensor x) =>
        mask.call(gelu(continuous.call(gelu(structure.call(gelu(transposable.call(relu(srSte.call(x)))))))));

    public override Tensor Probe(int layer, Tensor x) =>
        layer switch { 0 => srSte.call(x), 1 => transposable.call(x), 2 => structure.call(x), 3 => continuous.call(x), _ => mask.call(x) };
}
