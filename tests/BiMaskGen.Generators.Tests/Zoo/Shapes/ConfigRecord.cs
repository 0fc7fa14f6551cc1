// emits: Shapes.Configured: redirected 2 of 2 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Shapes;

public sealed record Config(int Width, int Depth = 4)
{
    public int Hidden { get; init; } = 4 * Width;

    public bool Bias { get; init; } = true;
}

public readonly record struct Heads(int Count, int Size);

[NMSparse(2, 4)]
public sealed partial class Configured : Module<Tensor, Tensor> // expect NMS009
{
    private readonly Linear up, down;
    private readonly Config _config;

    public Configured(Config config, Heads heads) : base("configured")
    {
        _config = config with { Depth = 2 };
        up = Linear(config.Width, config.Hidden, config.Bias);
        down = Linear(config.Hidden, heads.Count * heads.Size);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => down.call(gelu(up.call(x))) / _config.Depth;
}

public static class Presets
{
    public static Configured Tiny => new(new Config(50), new Heads(3, 7));
}
