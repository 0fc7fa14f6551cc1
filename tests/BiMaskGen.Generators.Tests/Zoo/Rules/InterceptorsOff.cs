// zoo: interceptors = off
// emits: Rules.InterceptorsOff: redirected 0 of 1 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Rules;

// expect NMS012: The layer calls of 'InterceptorsOff' cannot be redirected: the project does not enable interceptors for BiMaskGen.Generated; import BiMaskGen.props or add <InterceptorsNamespaces>$(InterceptorsNamespaces);BiMaskGen.Generated</InterceptorsNamespaces>
[NMSparse(2, 4)] public sealed partial class InterceptorsOff : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);

    public InterceptorsOff() : base("net") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc.call(x);
}
