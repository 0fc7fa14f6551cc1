using F = TorchSharp.torch.nn.functional;
using N = TorchSharp.torch.nn;
using Sparse = BiMaskGen.NMSparseAttribute;

namespace Aliased;

[Sparse(2, 4)]
public sealed partial class Net : Layer
{
    private readonly Dense fc1 = N.Linear(256, 256);
    private readonly Layer fc2 = TorchSharp.torch.nn.Linear(256, 1024);
    [global::BiMaskGen.NMSparseAttribute(2, 4, Search = BiMaskGen.PermutationSearch.Identity)]
    private readonly global::TorchSharp.Modules.Linear fc3 = N.Linear(1024, 250); // expect NMS003

    public Net() : base("net") => RegisterComponents();

    public override T forward(T x) => F.relu(fc2.call(F.gelu(x: fc1.call(x)))) is { } y ? fc3.call(y) : fc3.forward(x);
}
