// zoo: interceptors = Some.Other.Space;BiMaskGen
// emits: Rules.InterceptorsElsewhere: redirected 1 of 1 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Rules;

/// <summary>A namespace allows interceptors in all below it.</summary>
[NMSparse(2, 4)] public sealed partial class InterceptorsElsewhere : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);

    public InterceptorsElsewhere() : base("net") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc.call(x);
}
