using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Models;

/// <summary>All layers in a Sequential, with everything between them that a fused activation has to see through.</summary>
[NMSparse(2, 4)]
internal sealed partial class Contained : Stack
{
    private readonly Sequential net = Sequential(
        Linear(16, 20), ReLU(),
        Linear(20, 24), Dropout(0), GELU(),
        Linear(24, 12));

    public Contained() : base("contained") => RegisterComponents();

    public Sequential Net => net;

    public override IReadOnlyList<StackLayer> Plan =>
    [
        new("net.0", (Linear)net[0], Act.Relu, 2, 4), new("net.2", (Linear)net[2], Act.Gelu, 2, 4), new("net.5", (Linear)net[5], Act.None, 2, 4),
    ];

    public override Tensor forward(Tensor x) => net.call(x);

    public override Tensor Probe(int layer, Tensor x) => throw new NotSupportedException("forward alone is under test");
}

/// <summary>Sequentials in a Sequential, named, called by forward, one element kept dense; the field says less than what it holds.</summary>
[NMSparse(1, 4)]
internal sealed partial class NamedAndNested : Stack
{
    [KeepDense("head.1")]
    private readonly Module<Tensor, Tensor> body = Sequential(
        ("stem", Linear(16, 24)),
        ("act", ReLU()),
        ("head", Sequential(Linear(24, 20), Linear(20, 12))));

    public NamedAndNested() : base("named") => RegisterComponents();

    public override IReadOnlyList<StackLayer> Plan
    {
        get
        {
            Sequential net = (Sequential)body, head = (Sequential)net[2];
            return
            [
                new("body.stem", (Linear)net[0], Act.Relu, 1, 4), new("body.head.0", (Linear)head[0], Act.None, 1, 4),
                StackLayer.Dense("body.head.1", (Linear)head[1]) with { Activation = Act.Relu },
            ];
        }
    }

    public override Tensor forward(Tensor x) => relu(body.forward(x));

    public override Tensor Probe(int layer, Tensor x) => throw new NotSupportedException("forward alone is under test");
}

/// <summary>One layer for each way to reach the elements of lists and dictionaries.</summary>
[NMSparse(2, 4)]
internal sealed partial class Listed : Stack
{
    private readonly ModuleList<Linear> looped = new(Linear(16, 20), Linear(20, 24));
    private readonly ModuleList<Module<Tensor, Tensor>> indexed = ModuleList<Module<Tensor, Tensor>>(Linear(24, 28), Linear(28, 32));
    private readonly ModuleList<Linear> folded = new();
    private readonly ModuleDict<Linear> byName = ModuleDict(("in", Linear(40, 44)), ("out", Linear(44, 12)));
    private readonly ModuleList<Sequential> blocks = new(Sequential(Linear(12, 16), ReLU()), Sequential(Linear(16, 12)));

    public Listed() : base("listed")
    {
        folded.Add(Linear(32, 36));
        folded.append(Linear(36, 40));
        RegisterComponents();
    }

    public override IReadOnlyList<StackLayer> Plan =>
    [
        new("looped.0", looped[0], Act.Relu, 2, 4), new("looped.1", looped[1], Act.Relu, 2, 4),
        new("indexed.0", (Linear)indexed[0], Act.None, 2, 4), new("indexed.1", (Linear)indexed[1], Act.Gelu, 2, 4),
        new("folded.0", folded[0], Act.None, 2, 4), new("folded.1", folded[1], Act.None, 2, 4),
        new("byName.in", byName["in"], Act.None, 2, 4), new("byName.out", byName["out"], Act.None, 2, 4),
        new("blocks.0.0", (Linear)blocks[0][0], Act.Relu, 2, 4), new("blocks.1.0", (Linear)blocks[1][0], Act.None, 2, 4),
    ];

    public override Tensor forward(Tensor x)
    {
        foreach (Linear layer in looped)
        {
            x = relu(layer.call(x));
        }

        x = ((Linear)indexed[0]).forward(x);
        Module<Tensor, Tensor> second = indexed[1];
        x = second.call(x).gelu();
        x = folded.Aggregate(x, (current, layer) => layer.call(current));
        foreach (var (_, layer) in byName)
        {
            x = layer.call(x);
        }

        for (int i = 0; i < blocks.Count; i++)
        {
            x = blocks[i].call(x);
        }

        return x;
    }

    public override Tensor Probe(int layer, Tensor x) => throw new NotSupportedException("forward alone is under test");
}

/// <summary>A Sequential that somebody else built, in a class without an emitted part.</summary>
[NMSparse(2, 4)]
internal sealed class Given : Module<Tensor, Tensor>
{
    [KeepDense("1")]
    private readonly Sequential net;

    public Given(Sequential net) : base("given")
    {
        this.net = net;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => net.call(x);
}
