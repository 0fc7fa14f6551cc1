using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Rules;

[NMSparse(2, 4, Method = SparseMethod.Transposable)] // expect NMS017: SparseMethod.Transposable is not implemented yet: use SparseMethod.BiMask, the default
public sealed partial class NotYet : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);

    public NotYet() : base("net") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc.call(x);
}

// expect NMS018: PermuteEvery = 0 is out of range: it must be at least 1
// expect NMS018: Decay = -1 is out of range: it must be a finite number of at least 0
[NMSparse(2, 4, PermuteEvery = 0, Decay = -1)]
public sealed partial class OutOfRange : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);

    public OutOfRange() : base("net") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc.call(x);
}
