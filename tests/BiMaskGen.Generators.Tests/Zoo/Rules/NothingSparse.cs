using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Rules;

/// <summary>A project that uses torch and BiMaskGen's types without an attribute hears nothing and gets nothing.</summary>
public sealed class Dense : Module<Tensor, Tensor>
{
    private readonly Linear fc1 = Linear(50, 70), fc2 = Linear(70, 3);
    private readonly Conv2d conv = Conv2d(3, 3, 3, groups: 3);

    public Dense() : base("dense") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc2.call(functional.relu(fc1.call(conv.call(x))));

    public static void Train(Dense model) => optim.Adam(model.parameters()).step();

    public static string Pattern() => new NMPattern(2, 4).ToString();
}
