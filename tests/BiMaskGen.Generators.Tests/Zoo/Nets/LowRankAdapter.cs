// emits: Tuning.LowRankAdapter: redirected 2 of 2 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tuning;

[NMSparse(2, 4)]
public sealed partial class LowRankAdapter : Module<Tensor, Tensor>
{
    private const int Rank = 8;

    private readonly Linear frozen = Linear(768, 768);
    [KeepDense] private readonly Linear down = Linear(768, Rank, hasBias: false);
    private readonly Linear up = Linear(Rank, 256, hasBias: false); // expect NMS004, NMS010

    public LowRankAdapter() : base("lora")
    {
        RegisterComponents();
        foreach (var (name, parameter) in frozen.named_parameters())
        {
            parameter.requires_grad = false;
        }
    }

    public override Tensor forward(Tensor x) => frozen.call(x).narrow(-1, 0, 256) + (up.call(down.call(x)) * (16.0 / Rank));
}
