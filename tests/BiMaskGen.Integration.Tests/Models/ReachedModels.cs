using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Models;

/// <summary>A block without an attribute: whose it is decides whether its layers run sparse.</summary>
internal class Perceptron : Module<Tensor, Tensor>
{
    internal readonly Linear up;

    private readonly Linear down;
    private readonly Sequential middle;
    [KeepDense] private readonly Linear gate;

    public Perceptron(int width) : base("perceptron")
    {
        up = Linear(width, 2 * width);
        middle = Sequential(Linear(2 * width, 2 * width), SiLU());
        gate = Linear(2 * width, 2 * width);
        down = Linear(2 * width, width);
        RegisterComponents();
    }

    /// <summary>Its layers below a path, as a model with the pattern runs them; M = 0 for one without.</summary>
    public virtual IReadOnlyList<StackLayer> Plan(string path, int n, int m) =>
    [
        new(path + "up", up, Act.Relu, n, m), new(path + "middle.0", (Linear)middle[0], Act.Silu, n, m),
        StackLayer.Dense(path + "gate", gate), new(path + "down", down, Act.None, n, m),
    ];

    public override Tensor forward(Tensor x) => down.call(gate.call(middle.call(relu(up.call(x)))));
}

/// <summary>Derived, with a layer more and a member of another class.</summary>
internal sealed class DeepPerceptron : Perceptron
{
    private readonly Linear last;
    private readonly Perceptron inner;

    public DeepPerceptron(int width) : base(width)
    {
        last = Linear(width, width);
        inner = new Perceptron(width);
        register_module(nameof(last), last);
        register_module(nameof(inner), inner);
    }

    public override IReadOnlyList<StackLayer> Plan(string path, int n, int m) =>
        [.. base.Plan(path, n, m), new(path + "last", last, Act.Gelu, n, m), .. inner.Plan(path + "inner.", n, m)];

    public override Tensor forward(Tensor x) => inner.call(gelu(last.forward(base.forward(x))));
}

/// <summary>A block with an attribute of its own, which wins.</summary>
[NMSparse(1, 4)]
internal sealed partial class OwnBlock : Module<Tensor, Tensor>
{
    private readonly Linear own = Linear(16, 16);

    public OwnBlock() : base("own") => RegisterComponents();

    public StackLayer Plan(string path) => new(path + "own", own, Act.Relu, 1, 4);

    public override Tensor forward(Tensor x) => relu(own.call(x));
}

/// <summary>Blocks in every place below a model that covers them, and one that it keeps dense.</summary>
[NMSparse(2, 4, Reach = SparseReach.Children)]
internal sealed partial class ReachingModel : Stack
{
    private readonly Linear stem = Linear(16, 16);
    private readonly Perceptron single = new(16);
    private readonly ModuleList<Module<Tensor, Tensor>> blocks = new();
    private readonly Sequential net = Sequential(new Perceptron(16), Linear(16, 16), new OwnBlock());
    [KeepDense] private readonly Perceptron kept = new(16);

    public ReachingModel() : base("reaching")
    {
        blocks.Add(new DeepPerceptron(16));
        blocks.Add(new Perceptron(16));
        RegisterComponents();
    }

    public ModuleList<Module<Tensor, Tensor>> Blocks => blocks;

    public Perceptron Single => single;

    public override IReadOnlyList<StackLayer> Plan =>
    [
        new("stem", stem, Act.None, 2, 4), .. single.Plan("single.", 2, 4), .. blocks.SelectMany((block, i) => ((Perceptron)block).Plan($"blocks.{i}.", 2, 4)),
        .. ((Perceptron)net[0]).Plan("net.0.", 2, 4), new("net.1", (Linear)net[1], Act.None, 2, 4), ((OwnBlock)net[2]).Plan("net.2."),
        .. kept.Plan("kept.", 0, 0),
    ];

    public override Tensor forward(Tensor x)
    {
        x = single.call(stem.call(x));
        foreach (Module<Tensor, Tensor> block in blocks)
        {
            x = block.call(x);
        }

        return kept.call(net.call(x));
    }

    /// <summary>A layer of the block, called from here.</summary>
    public Tensor Inside(Tensor x) => this.single.up.call(x);

    public override Tensor Probe(int layer, Tensor x) => throw new NotSupportedException("forward alone is under test");
}

/// <summary>The same blocks below a model that says nothing.</summary>
internal sealed class PlainModel : Module<Tensor, Tensor>
{
    private readonly Perceptron block;

    public PlainModel(Perceptron block) : base("plain")
    {
        this.block = block;
        RegisterComponents();
    }

    public Perceptron Block => block;

    public override Tensor forward(Tensor x) => block.call(x);
}

/// <summary>An attribute on a model that inherits its layers from classes without one.</summary>
[NMSparse(2, 4, Reach = SparseReach.Children)]
internal sealed partial class InheritingModel : PlainBase
{
    private readonly Linear own = Linear(12, 12);

    public InheritingModel() => RegisterComponents();

    public IReadOnlyList<StackLayer> Plan => [new("inherited", inherited, Act.Relu, 2, 4), new("own", own, Act.None, 2, 4)];

    public override Tensor forward(Tensor x) => own.call(base.forward(x));
}

/// <summary>Its base.</summary>
internal abstract class PlainBase() : Module<Tensor, Tensor>("base")
{
    protected readonly Linear inherited = Linear(16, 12);

    public override Tensor forward(Tensor x) => relu(inherited.call(x));
}
