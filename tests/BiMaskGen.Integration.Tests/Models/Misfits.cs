namespace BiMaskGen.Integration.Tests.Models;

/// <summary>The layers of <see cref="Mlp"/> under another pattern.</summary>
[NMSparse(1, 4)]
internal sealed partial class OtherPattern : Module<Tensor, Tensor>
{
    private readonly Linear fc1 = Linear(50, 27), fc2 = Linear(27, 70);

    public OtherPattern() : base("other") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc2.call(fc1.call(x));
}

/// <summary>The second layer of <see cref="Mlp"/> in another shape.</summary>
[NMSparse(2, 4)]
internal sealed partial class OtherShape : Module<Tensor, Tensor>
{
    private readonly Linear fc1 = Linear(50, 27);
    private readonly Linear fc2 = Linear(27, 71);

    public OtherShape() : base("other") => RegisterComponents();

    public override Tensor forward(Tensor x) => relu(fc2.call(fc1.call(x)));
}

/// <summary>One layer less than <see cref="Mlp"/>.</summary>
[NMSparse(2, 4)]
internal sealed partial class FewerLayers : Module<Tensor, Tensor>
{
    private readonly Linear fc1 = Linear(50, 27);

    public FewerLayers() : base("other") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc1.call(x).relu();
}

/// <summary>One layer more than <see cref="Mlp"/>.</summary>
[NMSparse(2, 4)]
internal sealed partial class MoreLayers : Module<Tensor, Tensor>
{
    private readonly Linear fc1 = Linear(50, 27), fc2 = Linear(27, 70), fc3 = Linear(70, 5);

    public MoreLayers() : base("other") => RegisterComponents();

    public override Tensor forward(Tensor x) => gelu(fc3.call(fc2.call(fc1.call(x))));
}
