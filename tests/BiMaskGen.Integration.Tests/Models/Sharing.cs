using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Models;

/// <summary>A layer that somebody else made: its shape is not in the source.</summary>
[NMSparse(2, 4)]
internal sealed partial class Borrower : Stack
{
    private readonly Linear borrowed;

    public Borrower(Linear layer) : base("borrower")
    {
        borrowed = layer;
        RegisterComponents();
    }

    public override IReadOnlyList<StackLayer> Plan => [new("borrowed", borrowed, Act.Relu, 2, 4)];

    public override Tensor forward(Tensor x) => relu(borrowed.call(x));

    public override Tensor Probe(int layer, Tensor x) => borrowed.call(x);
}

/// <summary>Two layers over one parameter.</summary>
[NMSparse(2, 4)]
internal sealed partial class Tied : Stack
{
    private readonly Linear left, right;

    public Tied(Parameter weight) : base("tied")
    {
        left = Linear(weight);
        right = Linear(weight);
        RegisterComponents();
    }

    public override IReadOnlyList<StackLayer> Plan => [new("left", left, Act.Relu, 2, 4), new("right", right, Act.None, 2, 4)];

    public override Tensor forward(Tensor x) => right.call(relu(left.call(x)));

    public override Tensor Probe(int layer, Tensor x) => layer == 0 ? left.call(x) : right.call(x);
}
