namespace BiMaskGen.Cuda.Tests.Models;

// What the CUDA kernels do not know; on images of one point it is a Linear.
[NMSparse(2, 4, Method = SparseMethod.Ste)]
internal sealed partial class ConvolutionNet : Module<Tensor, Tensor>
{
    public const int In = 16, Out = 8;

    private readonly TorchSharp.Modules.Conv2d conv = Conv2d(In, Out, kernel_size: 1);

    public ConvolutionNet() : base("net") => RegisterComponents();

    public Tensor Weight => conv.weight!;

    public override Tensor forward(Tensor x) => conv.call(x);
}
