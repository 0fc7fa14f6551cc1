// emits: Calls.LocalFunctions: redirected 4 of 4 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Calls;

[NMSparse(2, 4)]
public sealed partial class LocalFunctions : Module<Tensor, Tensor>
{
    private readonly Linear query = Linear(256, 256), key = Linear(256, 256);

    public LocalFunctions() : base("local") => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        Tensor scores = Q(x) * K(x);
        return Recurse(scores, 2);

        Tensor Q(Tensor t) => query.call(t);
        Tensor K(Tensor t)
        {
            return Inner(t);

            Tensor Inner(Tensor u) => key.call(u);
        }

        Tensor Recurse(Tensor t, int depth) => depth == 0 ? t : Recurse(relu(query.call(relu(key.call(t)))), depth - 1);
    }
}
