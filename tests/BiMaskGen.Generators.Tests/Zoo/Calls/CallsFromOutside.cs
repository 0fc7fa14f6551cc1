// emits: Calls.Exposed: redirected 1 of 1 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Calls;

[NMSparse(2, 4)]
public sealed partial class Exposed : Module<Tensor, Tensor>
{
    public readonly Linear fc1 = Linear(256, 256);

    public Exposed() : base("exposed") => RegisterComponents();

    [KeepDense] public Linear Head { get; } = Linear(256, 10);

    public override Tensor forward(Tensor x) => Head.call(fc1.call(x));

    public sealed class Probe(Exposed model)
    {
        public Tensor Features(Tensor x) => model.fc1.call(x); // expect NMS008
    }
}

public static class Evaluation
{
    public static Tensor Whole(Exposed model, Tensor x) => model.call(x);

    public static Tensor Features(Exposed model, Tensor x) => relu(model.fc1.forward(x)); // expect NMS008

    public static Tensor Logits(Exposed model, Tensor x) => model.Head.call(x);

    public static Tensor Maybe(Exposed? model, Tensor x) => model?.fc1.call(x) ?? x; // expect NMS008
}
