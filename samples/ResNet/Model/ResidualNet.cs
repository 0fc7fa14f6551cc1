using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace DigitResNet;

/// <summary>
/// A residual network on 8×8 images: three stages of 16, 32 and 64 channels, a block each. The convolutions of the blocks train sparse in both directions; stem
/// and classifier stay dense, as in the paper. The build derives the dense model from this file.
/// </summary>
[NMSparse(2, 4)]
internal sealed partial class ResidualNet : Module<Tensor, Tensor>
{
    private const int Side = 8;

    [KeepDense] private readonly Conv2d stem = Conv2d(1, 16, 3, padding: 1, bias: false);
    private readonly BatchNorm2d norm = BatchNorm2d(16);
    private readonly Block first = new(16, 16, 1), second = new(16, 32, 2), third = new(32, 64, 2);
    [KeepDense] private readonly Linear head = Linear(64, 10);

    public ResidualNet() : base("resnet") => RegisterComponents();

    /// <summary>[batch, 64] pixels to [batch, 10].</summary>
    public override Tensor forward(Tensor x)
    {
        x = relu(norm.call(stem.call(x.reshape(-1, 1, Side, Side))));
        x = third.call(second.call(first.call(x)));
        return head.call(x.mean([2, 3]));
    }

    /// <summary>Two 3×3 convolutions around which the input goes as it is, or through a 1×1 convolution where its shape changes.</summary>
    [NMSparse(2, 4)]
    private sealed partial class Block : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1, conv2;
        private readonly BatchNorm2d norm1, norm2;
        private readonly Conv2d? shortcut;

        public Block(int inChannels, int outChannels, int stride) : base("block")
        {
            conv1 = Conv2d(inChannels, outChannels, 3, stride, 1, bias: false);
            conv2 = Conv2d(outChannels, outChannels, 3, 1, 1, bias: false);
            norm1 = BatchNorm2d(outChannels);
            norm2 = BatchNorm2d(outChannels);
            if (stride != 1 || inChannels != outChannels)
            {
                shortcut = Conv2d(inChannels, outChannels, 1, stride, bias: false);
            }

            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            Tensor straight = shortcut is null ? x : shortcut.call(x);
            return relu(norm2.call(conv2.call(relu(norm1.call(conv1.call(x))))) + straight);
        }
    }
}
