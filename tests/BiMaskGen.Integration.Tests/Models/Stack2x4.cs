using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Models;

[NMSparse(2, 4, PermuteEvery = Stacks.PermuteEvery)]
internal sealed partial class Stack2x4 : Stack
{
    private readonly Linear fc1 = Linear(50, 27);
    private readonly Linear fc2 = Linear(27, 70, hasBias: false);
    private readonly Linear fc3 = Linear(70, 33);
    private readonly Linear fc4 = Linear(33, 48, false);

    public Stack2x4() : base("stack") => RegisterComponents();

    public override IReadOnlyList<StackLayer> Plan =>
        [new("fc1", fc1, Act.Relu, 2, 4), new("fc2", fc2, Act.Relu, 2, 4), new("fc3", fc3, Act.Gelu, 2, 4), new("fc4", fc4, Act.None, 2, 4)];

    public override Tensor forward(Tensor x)
    {
        x = relu(fc1.call(x));
        x = fc2.call(x).relu();
        return fc4.call(gelu(fc3.call(x)));
    }

    public override Tensor Probe(int layer, Tensor x) => layer switch
    {
        0 => fc1.call(x),
        1 => fc2.call(x),
        2 => fc3.call(x),
        _ => fc4.call(x),
    };
}
