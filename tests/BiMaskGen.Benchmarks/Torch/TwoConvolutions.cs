using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace BiMaskGen.Benchmarks.Torch;

/// <summary>The convolutions of a residual block; the build derives the dense one from this file.</summary>
[NMSparse(2, 4)]
internal sealed partial class TwoConvolutions : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1, conv2;

    public TwoConvolutions(long channels, long kernel) : base("convolutions")
    {
        conv1 = Conv2d(channels, channels, kernel, 1, kernel / 2);
        conv2 = Conv2d(channels, channels, kernel, 1, kernel / 2);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => x + conv2.call(relu(conv1.call(x)));
}
