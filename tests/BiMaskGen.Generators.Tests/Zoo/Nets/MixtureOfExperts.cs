// emits: Moe.Expert: redirected 2 of 2 calls.
using System.Collections.Generic;
using System.Linq;
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Moe;

[NMSparse(2, 4)]
public sealed partial class Expert(int index) : Module<Tensor, Tensor>("expert" + index)
{
    private readonly Linear up = Linear(256, 1024), down = Linear(1024, 256);

    public int Index => index;

    public override Tensor forward(Tensor x) => down.call(gelu(up.call(x)));
}

[NMSparse(2, 4)]
public sealed partial class Mixture : Module<Tensor, Tensor>
{
    [KeepDense] private readonly Linear router = Linear(256, 8);
    private readonly ModuleList<Expert> experts = new();
    private readonly ModuleDict<Expert> named = new();

    public Mixture() : base("moe")
    {
        for (int i = 0; i < 8; i++)
        {
            Expert expert = new(i);
            experts.Add(expert);
            named.Add($"e{i}", expert);
        }

        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        Tensor weights = softmax(router.call(x), -1);
        IEnumerable<Tensor> mixed = experts.Select((expert, i) => expert.call(x) * weights.narrow(-1, i, 1));
        return mixed.Aggregate((left, right) => left + right);
    }
}
