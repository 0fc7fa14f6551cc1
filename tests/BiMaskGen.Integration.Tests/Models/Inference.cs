using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Models;

/// <summary>Layers of whole tiles and words, so that packed bytes can be counted to the alignment.</summary>
[NMSparse(2, 4)]
internal sealed partial class Aligned2x4 : Module<Tensor, Tensor>
{
    private readonly Linear up = Linear(256, 512), down = Linear(512, 256, hasBias: false);

    public Aligned2x4() : base("aligned") => RegisterComponents();

    public override Tensor forward(Tensor x) => down.call(relu(up.call(x)));
}

/// <summary>The same at 1:16.</summary>
[NMSparse(1, 16)]
internal sealed partial class Aligned1x16 : Module<Tensor, Tensor>
{
    private readonly Linear up = Linear(256, 512), down = Linear(512, 256, hasBias: false);

    public Aligned1x16() : base("aligned") => RegisterComponents();

    public override Tensor forward(Tensor x) => down.call(relu(up.call(x)));
}

/// <summary>A dense layer over the parameter of a sparse one, as models tie their head to something.</summary>
[NMSparse(2, 4)]
internal sealed partial class TiedToDense : Module<Tensor, Tensor>
{
    private readonly Linear first = Linear(24, 24);
    private readonly Linear sparse;

    [KeepDense]
    private readonly Linear head;

    public TiedToDense() : base("tied")
    {
        var weight = new Parameter(rand(24, 24));
        sparse = Linear(weight);
        head = Linear(weight);
        RegisterComponents();
    }

    public Linear First => first;

    public Linear Head => head;

    public override Tensor forward(Tensor x) => head.call(relu(sparse.call(first.call(x))));
}

/// <summary>A class that overrides for itself what the emitted part would.</summary>
[NMSparse(2, 4)]
internal sealed partial class OwnOverrides : Stack
{
    private readonly Linear fc = Linear(20, 12);

    public OwnOverrides() : base("own") => RegisterComponents();

    public Linear Fc => fc;

    public List<string> Log { get; } = [];

    public override IReadOnlyList<StackLayer> Plan => [new("fc", fc, Act.Relu, 2, 4)];

    public override Tensor forward(Tensor x) => relu(fc.call(x));

    public override Tensor Probe(int layer, Tensor x) => fc.call(x);

    public override Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
    {
        Log.Add("state_dict");
        return base.state_dict(destination!, prefix!);
    }

    public override void train(bool train = true)
    {
        Log.Add($"train({train})");
        base.train(train);
    }

    protected override Module _to(ScalarType dtype, bool non_blocking)
    {
        Log.Add($"_to({dtype})");
        return base._to(dtype, non_blocking);
    }
}
