// emits: Families.Child: redirected 2 of 2 calls.
// emits: Families.Grandchild: redirected 1 of 1 calls.
// emits: Families.Parent: redirected 1 of 1 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Families;

[NMSparse(2, 4)]
public abstract partial class Parent : Module<Tensor, Tensor>
{
    protected readonly Linear shared = Linear(256, 256);

    protected Parent(string name) : base(name)
    {
    }

    public override Tensor forward(Tensor x) => Tail(shared.call(x));

    protected abstract Tensor Tail(Tensor x);
}

[NMSparse(2, 4)]
public partial class Child : Parent
{
    private readonly Linear own = Linear(256, 256);

    public Child() : base("child") => RegisterComponents();

    protected override Tensor Tail(Tensor x) => own.call(shared.call(x));
}

/// <summary>Between them: not annotated, its layer is dense because nobody asked.</summary>
public class Between : Child
{
    private readonly Linear dense = Linear(50, 50);

    protected override Tensor Tail(Tensor x) => dense.call(base.Tail(x));
}

[NMSparse(2, 4)]
public sealed partial class Grandchild : Between
{
    private readonly Linear own = Linear(256, 256);

    public override Tensor forward(Tensor x) => own.call(base.forward(x));
}
