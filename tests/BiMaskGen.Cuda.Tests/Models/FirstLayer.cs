namespace BiMaskGen.Cuda.Tests.Models;

/// <summary>One layer of a shape that 8-bit products take, and nothing after it.</summary>
[NMSparse(2, 4)]
internal sealed partial class FirstLayer : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(TwoLayers.In, TwoLayers.Hidden);

    public FirstLayer() : base("net") => RegisterComponents();

    public Linear Layer => fc;

    public override Tensor forward(Tensor x) => fc.call(x);
}
