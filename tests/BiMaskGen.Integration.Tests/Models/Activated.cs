using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Models;

/// <summary>Every way to write a silu, and a dropout that drops nothing between layer and activation.</summary>
[NMSparse(2, 4)]
internal sealed partial class Activated : Stack
{
    private readonly Linear fc1 = Linear(16, 20), fc2 = Linear(20, 24), fc3 = Linear(24, 28), fc4 = Linear(28, 12);
    private readonly Sequential net = Sequential(Linear(12, 16), SiLU(), Linear(16, 12), Dropout(0), SiLU());

    public Activated() : base("activated") => RegisterComponents();

    public override IReadOnlyList<StackLayer> Plan =>
    [
        new("fc1", fc1, Act.Silu, 2, 4), new("fc2", fc2, Act.Silu, 2, 4), new("fc3", fc3, Act.Silu, 2, 4), new("fc4", fc4, Act.Relu, 2, 4),
        new("net.0", (Linear)net[0], Act.Silu, 2, 4), new("net.2", (Linear)net[2], Act.Silu, 2, 4),
    ];

    public override Tensor forward(Tensor x)
    {
        x = fc2.call(silu(fc1.call(x))).silu();
        x = silu(dropout(fc3.call(x), 0), inplace: true);
        x = dropout(dropout(fc4.call(x), p: 0.0, training: training), 0).relu();
        return net.call(x);
    }

    public override Tensor Probe(int layer, Tensor x) => throw new NotSupportedException("forward alone is under test");
}
