// emits: Fixed.Net: redirected 1 of 1 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Fixed;

/// <summary>A static layer is nobody's component: it is not trained with the model, and not sparse.</summary>
[NMSparse(2, 4)]
public sealed partial class Net : Module<Tensor, Tensor>
{
    public static readonly Linear Shared = Linear(256, 256);
    private static Net? s_instance;

    private readonly Linear fc = Linear(256, 256);

    static Net()
    {
        s_instance = null;
    }

    private Net() : base("net") => RegisterComponents();

    public static Net Instance => s_instance ??= new Net();

    public override Tensor forward(Tensor x) => Shared.call(fc.call(x));

    public static Tensor Always(Tensor x) => Shared.call(x);
}
