using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace BiMaskGen.Build.Tests.Models;

/// <summary>A block without an attribute: what becomes of it, the model above says.</summary>
public class PlainBlock : Module<Tensor, Tensor>
{
    private readonly LayerNorm norm = LayerNorm(32);
    private readonly Linear fc = Linear(32, 32);
    private readonly Sequential net = Sequential(Linear(32, 32), ReLU());
    private readonly ModuleList<Linear> list = new();
    [KeepDense] private readonly Linear gate = Linear(32, 32);

    public PlainBlock() : base("plain")
    {
        list.Add(Linear(32, 32));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => gate.call(list[0].call(net.call(fc.call(norm.call(x)))));
}

/// <summary>Covers such blocks in a list and in a field, but for one; a block with an attribute keeps its own.</summary>
[NMSparse(1, 4, Reach = SparseReach.Children)]
public sealed partial class Reaching : Module<Tensor, Tensor>
{
    private readonly ModuleList<PlainBlock> blocks = new(new PlainBlock(), new PlainBlock());
    private readonly Block own = new(32);
    [KeepDense] private readonly PlainBlock kept = new();
    private readonly Linear head = Linear(32, 8);

    public Reaching() : base("reaching") => RegisterComponents();

    public override Tensor forward(Tensor x) => head.call(kept.call(own.call(blocks[1].call(blocks[0].call(x)))));
}

/// <summary>The same block below a model that says nothing.</summary>
public sealed class NotReaching : Module<Tensor, Tensor>
{
    private readonly PlainBlock block = new();

    public NotReaching() : base("not_reaching") => RegisterComponents();

    public override Tensor forward(Tensor x) => block.call(x);
}
