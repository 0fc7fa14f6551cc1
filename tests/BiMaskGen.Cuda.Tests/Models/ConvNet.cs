namespace BiMaskGen.Cuda.Tests.Models;

[NMSparse(2, 4)]
internal sealed partial class ConvNet : Module<Tensor, Tensor>
{
    private readonly Conv2d conv = Conv2d(4, 8, 3);
    private readonly Linear fc = Linear(8, 4);

    public ConvNet() : base("net") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc.call(conv.call(x).mean(new long[] { 2, 3 }));
}
