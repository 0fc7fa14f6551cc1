using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Models;

/// <summary>Identity order in the class, another pattern on a field, no activation in between.</summary>
[NMSparse(2, 8, Search = PermutationSearch.Identity)]
internal sealed partial class Stack2x8 : Stack
{
    private readonly Linear first = Linear(64, 48);

    [NMSparse(4, 8, Decay = 0)]
    private readonly Linear second = Linear(48, 50, hasBias: false);

    private readonly Linear third = Linear(50, 27);

    public Stack2x8() : base("stack") => RegisterComponents();

    public override IReadOnlyList<StackLayer> Plan =>
        [new("first", first, Act.None, 2, 8), new("second", second, Act.Gelu, 4, 8, 0), new("third", third, Act.Relu, 2, 8)];

    public override Tensor forward(Tensor x)
    {
        Tensor z = second.call(first.call(x));
        return third.call(gelu(z)).relu();
    }

    public override Tensor Probe(int layer, Tensor x) => layer switch
    {
        0 => first.call(x),
        1 => second.call(x),
        _ => third.call(x),
    };
}
