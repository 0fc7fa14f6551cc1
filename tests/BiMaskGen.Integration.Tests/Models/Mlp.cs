using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Models;

/// <summary>Two sparse layers and a dense head: what most tests use.</summary>
[NMSparse(2, 4, PermuteEvery = 7)]
internal sealed partial class Mlp : Stack
{
    private readonly Linear fc1 = Linear(50, 27), fc2 = Linear(27, 70);

    [KeepDense]
    private readonly Linear head = Linear(70, 10);

    public Mlp() : base("mlp") => RegisterComponents();

    public static Mlp Create(int seed)
    {
        manual_seed(seed);
        return new Mlp();
    }

    public Linear Fc1 => fc1;

    public Linear Fc2 => fc2;

    public Linear Head => head;

    public override IReadOnlyList<StackLayer> Plan =>
        [new("fc1", fc1, Act.Relu, 2, 4), new("fc2", fc2, Act.Relu, 2, 4), StackLayer.Dense("head", head)];

    public override Tensor forward(Tensor x) => head.call(relu(fc2.call(relu(fc1.call(x)))));

    public override Tensor Probe(int layer, Tensor x) => layer switch { 0 => fc1.call(x), 1 => fc2.call(x), _ => head.call(x) };
}
