namespace BiMaskGen.Cuda.Tests.Models;

/// <summary>Two layers of one shape, as every transformer has them, each with a bias of its own.</summary>
[NMSparse(2, 4, Precision = Precision.BFloat16)]
internal sealed partial class EqualNet : Module<Tensor, Tensor>
{
    public const int Width = 48;

    private readonly Linear first = Linear(Width, Width), second = Linear(Width, Width);

    public EqualNet() : base("net") => RegisterComponents();

    public override Tensor forward(Tensor x) => second.call(relu(first.call(x)));
}
