using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Rules;

[NMSparse(4, 2)] // expect NMS001: 4:2 is no N:M pattern: N must be at least 1 and less than M, and M at most 32; the nearest pattern is 1:2
public sealed partial class Swapped : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(50, 70);

    public Swapped() : base("swapped") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc.call(x);
}

[NMSparse(0, 4)] // expect NMS001
public sealed partial class None : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);

    public None() : base("none") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc.call(x);
}

[NMSparse(4, 4)] // expect NMS001
public sealed partial class All : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);

    public All() : base("all") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc.call(x);
}

public sealed partial class OnMember : Module<Tensor, Tensor>
{
    [NMSparse(2, 64)] private readonly Linear fc = Linear(256, 256); // expect NMS001

    public OnMember() : base("member") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc.call(x);
}
