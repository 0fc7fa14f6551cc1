namespace BiMaskGen.Cuda.Tests.Models;

// A method that the CUDA kernels do not know.
[NMSparse(2, 4, Method = SparseMethod.Ste)]
internal sealed partial class SteNet : OneLayer
{
    private readonly Linear fc = Linear(In, Out);

    public SteNet() : base("net") => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => fc.call(x);
}
