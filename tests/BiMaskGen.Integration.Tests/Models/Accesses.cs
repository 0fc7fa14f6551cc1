using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Models;

/// <summary>One layer for each way a class can hold and call it.</summary>
[NMSparse(2, 4)]
internal sealed partial class Accesses : Stack
{
    private readonly Module<Tensor, Tensor> module = Linear(16, 20);
    private readonly Module<Tensor, Tensor> forwarded = Linear(20, 24);
    private readonly Linear linear = Linear(24, 28);
    private readonly Linear called = Linear(28, 32);

    public Accesses() : base("accesses") => RegisterComponents();

    public Linear Property { get; } = Linear(32, 12);

    public override IReadOnlyList<StackLayer> Plan =>
    [
        new("module", (Linear)module, Act.None, 2, 4), new("forwarded", (Linear)forwarded, Act.Relu, 2, 4), new("linear", linear, Act.None, 2, 4),
        new("called", called, Act.Gelu, 2, 4), new("<Property>k__BackingField", Property, Act.None, 2, 4),
    ];

    public override Tensor forward(Tensor x)
    {
        x = module.call(x);
        x = relu(forwarded.forward(x));
        x = linear.forward(x);
        x = (called.call(x)).gelu();
        return this.Property.call(x);
    }

    public override Tensor Probe(int layer, Tensor x) => throw new NotSupportedException("forward alone is under test");
}

/// <summary>The attribute on one field, none on the class.</summary>
internal sealed partial class FieldOnly : Stack
{
    private readonly Linear dense = Linear(16, 20);

    [NMSparse(1, 4)]
    private readonly Linear sparse = Linear(20, 12);

    public FieldOnly() : base("field") => RegisterComponents();

    public override IReadOnlyList<StackLayer> Plan => [StackLayer.Dense("dense", dense), new("sparse", sparse, Act.Relu, 1, 4)];

    public override Tensor forward(Tensor x) => relu(sparse.call(dense.call(x)));

    public override Tensor Probe(int layer, Tensor x) => layer == 0 ? dense.call(x) : sparse.call(x);
}
