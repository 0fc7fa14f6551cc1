// emits: Whole.Net: redirected 1 of 1 calls.
// emits: Whole.OnMember: redirected 1 of 1 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Whole;

[NMSparse(2, 4)]
// expect NMS011: 'Net' trains sparse, but has no sparsity report and keeps no mask state in checkpoints: make 'Net' partial
public sealed class Net : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);

    public Net() : base("net") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc.call(x);
}

public sealed class OnMember : Module<Tensor, Tensor> // expect NMS011
{
    [NMSparse(2, 4)] private readonly Linear fc = Linear(256, 256);
    private readonly Linear dense = Linear(50, 50);

    public OnMember() : base("net") => RegisterComponents();

    public override Tensor forward(Tensor x) => dense.call(fc.call(x));
}

/// <summary>Without an attribute nothing is asked and nothing said.</summary>
public sealed class Plain : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(50, 50);

    public Plain() : base("plain") => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        System.Func<Tensor, Tensor> call = fc.call;
        return call(x) + fc.weight.sum();
    }
}
