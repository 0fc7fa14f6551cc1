// emits: Shapes.Unknowns: redirected 6 of 6 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Shapes;

[NMSparse(2, 4)]
public sealed partial class Unknowns : Module<Tensor, Tensor> // expect NMS009
{
    private static readonly int s_fromMachine = System.Environment.ProcessorCount * 64;

    private readonly Linear machine = Linear(s_fromMachine, 256);
    private readonly Linear half;
    private readonly Linear chosen;
    private readonly Linear injected;
    private readonly Linear loaded = Linear(Parameter(randn(256, 256)), null);
    private readonly Linear made = Make(256);

    public Unknowns(Tensor sample, bool large, Linear injected) : base("unknowns")
    {
        half = Linear(sample.shape[^1], 256);
        chosen = Linear(large ? 1024 : 512, 256);
        this.injected = injected;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        x = chosen.call(half.call(machine.call(x)));
        return made.call(loaded.call(injected.call(x)));
    }

    private static Linear Make(long width) => Linear(width, width);
}
