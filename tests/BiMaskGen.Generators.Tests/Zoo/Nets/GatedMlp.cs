// emits: Llama.GatedMlp: redirected 3 of 3 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace Llama;

[NMSparse(2, 4, Decay = 6e-3, Seed = 7)]
public partial class GatedMlp : Module<Tensor, Tensor>
{
    private const long Width = 1024, Inner = 2816;

    private readonly Linear gate_proj = Linear(Width, Inner, hasBias: false);
    private readonly Linear up_proj = Linear(Width, Inner, hasBias: false);
    private readonly Linear down_proj = Linear(hasBias: false, inputSize: Inner, outputSize: Width);

    public GatedMlp() : base("mlp") => RegisterComponents();

    public override Tensor forward(Tensor x) => down_proj.call(F.silu(gate_proj.call(x)) * up_proj.call(x));
}
