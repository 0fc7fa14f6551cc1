// emits: Calls.ExpressionTrees: redirected 1 of 3 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Calls;

[NMSparse(2, 4)]
public sealed partial class ExpressionTrees : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);

    public ExpressionTrees() : base("trees") => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        System.Linq.Expressions.Expression<System.Func<Tensor, Tensor>> tree = y => fc.call(y); // expect NMS008: ...expression tree...
        var query = System.Linq.Queryable.Select(System.Linq.Queryable.AsQueryable(new[] { x }), y => fc.forward(y)); // expect NMS008
        return fc.call(tree.Compile()(System.Linq.Queryable.First(query)));
    }
}
