// emits: Rules.FiveNine: redirected 1 of 1 calls.
// emits: Rules.FourEight: redirected 1 of 1 calls.
// emits: Rules.Mixed: redirected 2 of 2 calls.
// emits: Rules.OneFour: redirected 1 of 1 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Rules;

// expect NMS005: 1:4 runs at 2:4 speed on sparse tensor cores, not faster; the CPU kernels use it in full
[NMSparse(1, 4)]
public sealed partial class OneFour : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);

    public OneFour() : base("net") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc.call(x);
}

// expect NMS005: 4:8 is no legal 2:4 operand of sparse tensor cores, so CUDA runs it as masked dense; the CPU kernels use it in full
[NMSparse(4, 8)]
public sealed partial class FourEight : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);

    public FourEight() : base("net") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc.call(x);
}

[NMSparse(5, 9)] // expect NMS005
public sealed partial class FiveNine : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(288, 576);

    public FiveNine() : base("net") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc.call(x);
}

[NMSparse(2, 4)]
public sealed partial class Mixed : Module<Tensor, Tensor>
{
    private readonly Linear fc1 = Linear(256, 256);
    [NMSparse(1, 16)] private readonly Linear fc2 = Linear(256, 256); // expect NMS005

    public Mixed() : base("net") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc2.call(fc1.call(x));
}
