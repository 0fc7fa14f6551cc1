// emits: Shapes.Mixed: redirected 1 of 1 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Shapes;

/// <summary>Other layers take numbers too: they are not shapes of a Linear.</summary>
[NMSparse(2, 4)]
public sealed partial class Mixed : Module<Tensor, Tensor>
{
    private readonly BatchNorm2d norm = BatchNorm2d(50);
    private readonly LayerNorm layerNorm = LayerNorm([7, 9]);
    private readonly Dropout dropout = Dropout(0.3);
    [KeepDense] private readonly Conv2d conv = Conv2d(3, 50, 7);
    private readonly Linear fc = Linear(448, 256);

    public Mixed() : base("mixed") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc.call(dropout.call(layerNorm.call(norm.call(conv.call(x)))).flatten(1));
}
