using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace BuildTimeSparsify;

/// <summary>
/// 64 pixels to 10 classes, through residual blocks. The build reads from the compiled attributes that fc1 and fc2 of every block become
/// 2:4, and derives the dense model for comparison from this file.
/// </summary>
[NMSparse(2, 4)]
internal sealed partial class DigitNet : Module<Tensor, Tensor>
{
    private const int Width = 256, Hidden = 448;

    [KeepDense] private readonly Linear stem = Linear(64, Width);
    private readonly ModuleList<Block> blocks = new(new Block(), new Block());
    [KeepDense] private readonly Linear head = Linear(Width, 10);

    public DigitNet() : base("digit_net") => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = relu(stem.call(x));
        foreach (Block block in blocks)
        {
            x = block.call(x);
        }

        return head.call(x);
    }

    [NMSparse(2, 4)]
    internal sealed partial class Block : Module<Tensor, Tensor>
    {
        private readonly Linear fc1 = Linear(Width, Hidden), fc2 = Linear(Hidden, Width);

        public Block() : base("block") => RegisterComponents();

        public override Tensor forward(Tensor x) => x + fc2.call(relu(fc1.call(x)));
    }
}
