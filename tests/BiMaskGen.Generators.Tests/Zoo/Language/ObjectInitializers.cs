// emits: Init.Net: redirected 1 of 1 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Init;

[NMSparse(2, 4)]
public sealed partial class Net : Module<Tensor, Tensor> // expect NMS009
{
    public Net() : base("net") => RegisterComponents();

    /// <summary>Whoever makes the model can put another layer in.</summary>
    public Linear Fc { get; init; } = Linear(256, 256);

    public override Tensor forward(Tensor x) => Fc.call(x);
}

public static class Build
{
    public static Net Wide() => new() { Fc = Linear(256, 512) };
}
