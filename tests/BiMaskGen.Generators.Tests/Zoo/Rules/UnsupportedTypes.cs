using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Rules;

// expect NMS006: 'Plain' is not a TorchSharp module: derive it from torch.nn.Module<Tensor, Tensor>, or move [NMSparse] to the module that holds the layers
[NMSparse(2, 4)]
public sealed class Plain
{
    public Linear Layer { get; } = Linear(50, 50);
}

[NMSparse(2, 4)] // expect NMS006
public static class Utilities
{
    public static readonly Linear Layer = Linear(50, 50);

    public static Tensor Run(Tensor x) => Layer.call(x);
}

[NMSparse(2, 4)] // expect NMS006
public sealed record Settings(int Width);

public struct Holder
{
    [NMSparse(2, 4)] public Linear Layer; // expect NMS006
}

public sealed class Generic<T>() : Module<Tensor, Tensor>("generic")
{
    [NMSparse(2, 4)] private readonly Linear fc = Linear(50, 50); // expect NMS006

    public override Tensor forward(Tensor x) => fc.call(x);
}
