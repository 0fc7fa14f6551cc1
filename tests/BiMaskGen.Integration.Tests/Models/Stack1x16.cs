using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Models;

[NMSparse(1, 16, PermuteEvery = Stacks.PermuteEvery)]
internal sealed partial class Stack1x16 : Stack
{
    private readonly Linear up = Linear(50, 70), down = Linear(70, 27, false);

    public Stack1x16() : base("stack") => RegisterComponents();

    public override IReadOnlyList<StackLayer> Plan => [new("up", up, Act.Relu, 1, 16), new("down", down, Act.Gelu, 1, 16)];

    public override Tensor forward(Tensor x) => down.call(up.forward(x).relu()).gelu();

    public override Tensor Probe(int layer, Tensor x) => layer == 0 ? up.call(x) : down.call(x);
}
