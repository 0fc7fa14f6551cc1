// emits: Rules.DecayWithSte: redirected 1 of 1 calls.
// emits: Rules.PermutedMaskDecay: redirected 1 of 1 calls.
// emits: Rules.WideContinuous: redirected 1 of 1 calls.
// emits: Rules.DecayWithSrSte: redirected 1 of 1 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Rules;

// expect NMS013: Decay contradicts Method = Ste: the method adds no decay to the weight gradient; drop Decay
[NMSparse(2, 4, Method = SparseMethod.Ste, Decay = 1e-4)]
public sealed partial class DecayWithSte : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);

    public DecayWithSte() : base("net") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc.call(x);
}

[NMSparse(2, 4, Method = SparseMethod.MaskDecay, Search = PermutationSearch.Swap)] // expect NMS013
public sealed partial class PermutedMaskDecay : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);

    public PermutedMaskDecay() : base("net") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc.call(x);
}

[NMSparse(1, 4, Method = SparseMethod.Continuous)] // expect NMS005, NMS013
public sealed partial class WideContinuous : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);

    public WideContinuous() : base("net") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc.call(x);
}

[NMSparse(2, 4, Method = SparseMethod.SrSte, Decay = 1e-4)]
public sealed partial class DecayWithSrSte : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);

    public DecayWithSrSte() : base("net") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc.call(x);
}
