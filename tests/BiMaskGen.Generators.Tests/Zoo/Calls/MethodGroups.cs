// emits: Calls.MethodGroups: redirected 1 of 6 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Calls;

[NMSparse(2, 4)]
public sealed partial class MethodGroups : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);
    private readonly System.Func<Tensor, Tensor> _stored;

    public MethodGroups() : base("groups")
    {
        RegisterComponents();

        // expect NMS008: This call of 'MethodGroups.fc' runs dense: a method group is called by somebody else; write a lambda
        _stored = fc.call;
    }

    public override Tensor forward(Tensor x)
    {
        System.Func<Tensor, Tensor> call = fc.forward; // expect NMS008
        x = Checkpoint(fc.call, x); // expect NMS008
        x = System.Linq.Enumerable.Select([x], fc.call) // expect NMS008
            is { } all ? System.Linq.Enumerable.First(all) : x;
        var natural = fc.call; // expect NMS008
        return natural(call(_stored(fc.call(x))));
    }

    private static Tensor Checkpoint(System.Func<Tensor, Tensor> function, Tensor x) => function(x);
}
