namespace BiMaskGen.Integration.Tests.Models;

/// <summary>The model without the attribute.</summary>
internal sealed class PlainMlp : Module<Tensor, Tensor>
{
    private readonly Linear fc1 = Linear(50, 27), fc2 = Linear(27, 70), head = Linear(70, 10);

    public PlainMlp() : base("mlp") => RegisterComponents();

    public override Tensor forward(Tensor x) => head.call(relu(fc2.call(relu(fc1.call(x)))));
}

/// <summary>The model with the attribute, every layer opted out.</summary>
[NMSparse(2, 4)]
internal sealed partial class KeptDenseMlp : Module<Tensor, Tensor>
{
    [KeepDense]
    private readonly Linear fc1 = Linear(50, 27), fc2 = Linear(27, 70);

    [KeepDense]
    private readonly Linear head = Linear(70, 10);

    public KeptDenseMlp() : base("mlp") => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        Tensor hidden = relu(fc1.call(x));
        return head.call(fc2.call(hidden).relu());
    }
}
