// emits: Members.Net: redirected 2 of 2 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Members;

public sealed partial class Net : Module<Tensor, Tensor>
{
    [NMSparse(2, 4)] private readonly Linear a = Linear(256, 256);
    [NMSparse(2, 4, Mvue = true), System.Obsolete] private readonly Linear b = Linear(256, 256);
    private readonly Linear dense = Linear(50, 50);
    private readonly Embedding words = Embedding(10, 50);

    public Net() : base("net") => RegisterComponents();

#pragma warning disable CS0612 // The point is two attributes in one list.
    public override Tensor forward(Tensor x) => b.call(a.call(dense.call(words.call(x))));
#pragma warning restore CS0612
}
