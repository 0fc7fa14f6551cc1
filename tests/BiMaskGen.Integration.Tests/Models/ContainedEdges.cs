using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Models;

/// <summary>A list that somebody else built, in a class without an emitted part.</summary>
[NMSparse(2, 4)]
internal sealed class GivenList : Module<Tensor, Tensor>
{
    [KeepDense("1")]
    private readonly ModuleList<Linear> layers;

    public GivenList(ModuleList<Linear> layers) : base("given")
    {
        this.layers = layers;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => layers[0].call(x);
}

/// <summary>A list that goes on changing.</summary>
[NMSparse(2, 4)]
internal sealed partial class Growing : Module<Tensor, Tensor>
{
    private readonly ModuleList<Linear> layers;

    public Growing(ModuleList<Linear> layers) : base("growing")
    {
        this.layers = layers;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        foreach (Linear layer in layers)
        {
            x = relu(layer.call(x));
        }

        return x;
    }
}

/// <summary>A dropout that drops between layer and activation.</summary>
[NMSparse(2, 4)]
internal sealed partial class Dropping : Stack
{
    private readonly Sequential net = Sequential(Linear(16, 64), Dropout(0.5), GELU());

    public Dropping() : base("dropping") => RegisterComponents();

    public override IReadOnlyList<StackLayer> Plan => [new("net.0", (Linear)net[0], Act.Gelu, 2, 4)];

    public override Tensor forward(Tensor x) => net.call(x);

    public override Tensor Probe(int layer, Tensor x) => throw new NotSupportedException("forward alone is under test");
}

/// <summary>A Sequential with a forward of its own.</summary>
internal sealed class DoublingSequential(params Module<Tensor, Tensor>[] modules) : Sequential(modules)
{
    public override Tensor forward(Tensor x) => base.forward(x) * 2;
}

/// <summary>Holds such a Sequential in a field that does not say so.</summary>
[NMSparse(2, 4)]
internal sealed partial class Doubled : Module<Tensor, Tensor>
{
    private readonly Sequential net = new DoublingSequential(Linear(16, 12));

    public Doubled() : base("doubled") => RegisterComponents();

    public Sequential Net => net;

    public override Tensor forward(Tensor x) => net.call(x);
}
