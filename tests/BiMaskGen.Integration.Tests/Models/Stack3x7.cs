using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Models;

/// <summary>A pattern that the runtime has no type for, so that the generator emits one.</summary>
[NMSparse(3, 7, PermuteEvery = Stacks.PermuteEvery)]
internal sealed partial class Stack3x7 : Stack
{
    public Stack3x7() : base("stack")
    {
        A = Linear(33, 70);
        B = Linear(70, 50, false);
        C = Linear(50, 27);
        RegisterComponents();
    }

    public override IReadOnlyList<StackLayer> Plan =>
    [
        new("<A>k__BackingField", A, Act.Relu, 3, 7), new("<B>k__BackingField", B, Act.Gelu, 3, 7), new("<C>k__BackingField", C, Act.None, 3, 7),
    ];

    private Linear A { get; }

    private Linear B { get; }

    private Linear C { get; }

    public override Tensor forward(Tensor x)
    {
        Tensor Inner(Tensor t) => relu(A.call(t));
        Func<Tensor, Tensor> middle = t => gelu(B.call(t));
        return C.call(middle(Inner(x)));
    }

    public override Tensor Probe(int layer, Tensor x) => layer switch { 0 => A.call(x), 1 => B.call(x), _ => C.call(x) };
}
