namespace BiMaskGen.Integration.Tests.Models;

/// <summary>A model that can also run with its layers replaced, each by what a test says it computes.</summary>
internal interface IReplayed
{
    /// <summary>Forward with every sparse layer done by <paramref name="run"/>, which gets the layer's key.</summary>
    Tensor Replay(Tensor x, Func<string, Module<Tensor, Tensor>, Tensor, Tensor> run);
}

/// <summary>Calls that are not redirected: of whatever module is given.</summary>
internal static class Uncovered
{
    public static Tensor Call(Module<Tensor, Tensor> module, Tensor x) => module.call(x);
}

/// <summary>Convolutions among all that stands between them: fused activations, a norm, a grouped one, one that is kept, a Linear at the end.</summary>
[NMSparse(2, 4)]
internal sealed partial class ConvSequential : Module<Tensor, Tensor>, IReplayed
{
    [KeepDense("kept")]
    private readonly Sequential net = Sequential(
        ("stem", Conv2d(3, 8, 3, padding: 1)), ("relu", ReLU()),
        ("depthwise", Conv2d(8, 8, 3, padding: 1, groups: 8)),
        ("down", Conv2d(8, 12, 3, stride: 2, padding: 1, bias: false)), ("norm", BatchNorm2d(12)), ("gelu", GELU()),
        ("kept", Conv2d(12, 12, 1)),
        ("inner", Sequential(Conv2d(12, 10, 1), Dropout(0), SiLU())),
        ("flat", Flatten()), ("head", Linear(90, 6)));

    public ConvSequential() : base("contained") => RegisterComponents();

    public Sequential Net => net;

    public override Tensor forward(Tensor x) => net.call(x);

    public Tensor Replay(Tensor x, Func<string, Module<Tensor, Tensor>, Tensor, Tensor> run)
    {
        x = relu(run("net.stem", At(0), x));
        x = Uncovered.Call(At(2), x);
        x = gelu(Uncovered.Call(At(4), run("net.down", At(3), x)));
        x = Uncovered.Call(At(6), x);
        x = functional.silu(run("net.inner.0", (Module<Tensor, Tensor>)((Sequential)net[7])[0], x));
        return run("net.head", At(9), x.flatten(1));
    }

    private Module<Tensor, Tensor> At(int index) => (Module<Tensor, Tensor>)net[index];
}

/// <summary>Lists and a dictionary of convolutions, grouped along the flattened kernel.</summary>
[NMSparse(1, 4, ConvGrouping = ConvGrouping.Flattened)]
internal sealed partial class ConvLists : Module<Tensor, Tensor>, IReplayed
{
    private readonly ModuleList<Conv1d> rows = new(Conv1d(6, 8, 3, padding: 1), Conv1d(8, 8, 1));
    private readonly ModuleDict<Conv2d> byName = ModuleDict(("a", Conv2d(8, 8, (1, 3), (1, 1), (0, 1))), ("b", Conv2d(8, 9, (1, 2))));

    public ConvLists() : base("lists") => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        foreach (Conv1d row in rows)
        {
            x = relu(row.call(x));
        }

        x = byName["a"].call(x.unsqueeze(2));
        return byName["b"].forward(x).flatten(1);
    }

    public Tensor Replay(Tensor x, Func<string, Module<Tensor, Tensor>, Tensor, Tensor> run)
    {
        x = relu(run("rows.0", rows[0], x));
        x = relu(run("rows.1", rows[1], x));
        x = run("byName.a", byName["a"], x.unsqueeze(2));
        return run("byName.b", byName["b"], x).flatten(1);
    }
}

/// <summary>What only the run tells: a Sequential that somebody else built.</summary>
[NMSparse(2, 4)]
internal sealed partial class GivenConvs : Module<Tensor, Tensor>
{
    private readonly Sequential net;

    public GivenConvs(Sequential net) : base("given")
    {
        this.net = net;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => net.call(x);
}

/// <summary>A residual block without an attribute of its own.</summary>
internal sealed class ConvBlock : Module<Tensor, Tensor>, IReplayed
{
    private readonly Conv2d first, second;
    private readonly Sequential shortcut;
    private readonly Conv2d depthwise;

    public ConvBlock(int from, int to) : base("block")
    {
        first = Conv2d(from, to, 3, stride: 2, padding: 1, bias: false);
        second = Conv2d(to, to, 3, padding: 1);
        depthwise = Conv2d(to, to, 3, padding: 1, groups: to);
        shortcut = Sequential(Conv2d(from, to, 1, stride: 2, bias: false), BatchNorm2d(to));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => relu(depthwise.call(second.call(relu(first.call(x)))) + shortcut.call(x));

    public Tensor Replay(Tensor x, Func<string, Module<Tensor, Tensor>, Tensor, Tensor> run)
    {
        Tensor main = run("second", second, relu(run("first", first, x)));
        return relu(Uncovered.Call(depthwise, main) + Uncovered.Call((Module<Tensor, Tensor>)shortcut[1], run("shortcut.0", (Module<Tensor, Tensor>)shortcut[0], x)));
    }
}

/// <summary>Residual blocks below a model that covers them.</summary>
[NMSparse(2, 4, Reach = SparseReach.Children)]
internal sealed partial class ConvReaching : Module<Tensor, Tensor>, IReplayed
{
    private readonly Conv2d stem = Conv2d(3, 8, 3, padding: 1);
    private readonly Sequential stages = Sequential(new ConvBlock(8, 12), new ConvBlock(12, 16));
    private readonly Linear head = Linear(16, 5);

    public ConvReaching() : base("reaching") => RegisterComponents();

    public override Tensor forward(Tensor x) => head.call(stages.call(relu(stem.call(x))).mean([2, 3]));

    public Tensor Replay(Tensor x, Func<string, Module<Tensor, Tensor>, Tensor, Tensor> run)
    {
        x = relu(run("stem", stem, x));
        for (int i = 0; i < 2; i++)
        {
            int stage = i;
            x = ((ConvBlock)stages[i]).Replay(x, (name, layer, input) => run($"stages.{stage}.{name}", layer, input));
        }

        return run("head", head, x.mean([2, 3]));
    }
}

/// <summary>The same blocks where nobody covers them.</summary>
internal sealed class ConvUncovered : Module<Tensor, Tensor>
{
    private readonly ConvBlock block;

    public ConvUncovered(ConvBlock block) : base("uncovered")
    {
        this.block = block;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => block.call(x);
}
