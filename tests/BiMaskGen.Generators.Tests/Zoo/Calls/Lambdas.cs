// emits: Calls.Lambdas: redirected 6 of 6 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Calls;

/// <summary>Inside the class a lambda's body is a plain call.</summary>
[NMSparse(2, 4)]
public sealed partial class Lambdas : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);
    private readonly System.Collections.Generic.List<System.Func<Tensor, Tensor>> _steps = [];

    public Lambdas() : base("lambdas")
    {
        RegisterComponents();
        _steps.Add(x => fc.call(x));
        _steps.Add(delegate(Tensor x) { return fc.call(x).relu(); });
        _steps.Add(static x => x);
    }

    public System.Func<Tensor, Tensor> Twice => x => fc.call(fc.call(x));

    public override Tensor forward(Tensor x)
    {
        foreach (var step in _steps)
        {
            x = step(x);
        }

        System.Func<Tensor, System.Func<Tensor>> curried = y => () => relu(fc.call(y));
        var query = from t in new[] { x } let u = fc.call(t) where u.numel() > 0 select u;
        return curried(System.Linq.Enumerable.Last(query))();
    }
}
