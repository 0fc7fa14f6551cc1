#define WIDE
#undef NARROW
// emits: Conditional.Net: redirected 2 of 2 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Conditional;

#if NARROW
[NMSparse(4, 2)]
#else
[NMSparse(2, 4)]
#endif
public sealed partial class Net : Module<Tensor, Tensor>
{
#if WIDE
    private readonly Linear fc1 = Linear(1024, 1022); // expect NMS003
#else
    private readonly Linear fc1 = Linear(50, 50);
#endif
#pragma warning disable CA1805 // A pragma in between.
    private readonly Linear fc2 = Linear(1024, 256);
#pragma warning restore CA1805

    public Net() : base("net") => RegisterComponents();

#line 1000 "elsewhere.cs"
    public override Tensor forward(Tensor x) => fc2.call(fc1.call(x));
#line default

#if DEBUG || NARROW
    public void Broken( => fc1..call(;
#endif
}
