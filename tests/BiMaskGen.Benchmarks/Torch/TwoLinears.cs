using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace BiMaskGen.Benchmarks.Torch;

/// <summary>The MLP of a transformer; the build derives the dense one from this file.</summary>
[NMSparse(2, 4)]
internal sealed partial class TwoLinears : Module<Tensor, Tensor>
{
    private readonly Linear fc1, fc2;

    public TwoLinears(long width, long hidden) : base("mlp")
    {
        fc1 = Linear(width, hidden);
        fc2 = Linear(hidden, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => fc2.call(gelu(fc1.call(x)));
}
