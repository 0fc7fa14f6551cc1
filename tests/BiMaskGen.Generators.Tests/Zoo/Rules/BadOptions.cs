using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Rules;

// expect NMS017: Method = (9) is no training method: it must be BiMask, Ste, SrSte, Transposable, Bdwp, DoublePruned, MaskDecay, StructureDecay, Continuous
[NMSparse(2, 4, Method = (SparseMethod)9)]
public sealed partial class NoMethod : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);

    public NoMethod() : base("net") => RegisterComponents();

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
