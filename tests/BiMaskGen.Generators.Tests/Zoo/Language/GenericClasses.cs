// emits: Generics.ClosedNet: redirected 1 of 1 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Generics;

// expect NMS006: 'Net' is generic or nested in a generic type...
[NMSparse(2, 4)]
public sealed partial class Net<TActivation> : Module<Tensor, Tensor>
    where TActivation : Module<Tensor, Tensor>, new()
{
    private readonly Linear fc = Linear(50, 50);
    private readonly TActivation activation = new();

    public Net() : base("net") => RegisterComponents();

    public override Tensor forward(Tensor x) => activation.call(fc.call(x));
}

public static class Container<T>
{
    [NMSparse(2, 4)] // expect NMS006
    public sealed class Net() : Module<Tensor, Tensor>("net")
    {
        private readonly Linear fc = Linear(256, 256);

        public override Tensor forward(Tensor x) => fc.call(x);
    }
}

public abstract class Wrapper<TInner>(TInner inner) : Module<Tensor, Tensor>("wrapper")
    where TInner : Module<Tensor, Tensor>
{
    protected TInner Inner => inner;

    public T Named<T>()
        where T : class => (inner as T)!;
}

/// <summary>A closed class below a generic one: its own layer is sparse, what the base holds is a parameter.</summary>
[NMSparse(2, 4)]
public sealed partial class ClosedNet() : Wrapper<ReLU>(ReLU())
{
    private readonly Linear fc = Linear(256, 256);

    public override Tensor forward(Tensor x) => Inner.call(Pass<Linear>(fc.call(x)));

    private static Tensor Pass<T>(Tensor x)
        where T : Module => x;
}
