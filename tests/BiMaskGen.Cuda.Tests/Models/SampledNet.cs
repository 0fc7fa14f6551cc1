namespace BiMaskGen.Cuda.Tests.Models;

// What the CUDA kernels do not know.
[NMSparse(2, 4, Method = SparseMethod.Ste, Mvue = true)]
internal sealed partial class SampledNet : OneLayer
{
    private readonly Linear fc = Linear(In, Out);

    public SampledNet() : base("net") => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => fc.call(x);
}
