// emits: Props.Net: redirected 6 of 6 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Props;

[NMSparse(2, 4)]
public sealed partial class Net : Module<Tensor, Tensor> // expect NMS009
{
    private Linear _backing = Linear(256, 256);

    public Net() : base("net") => RegisterComponents();

    public Linear GetOnly { get; } = Linear(256, 256);

    public Linear Assigned { get; private set; } = Linear(256, 256);

    public required Linear Required { get; init; }

    [NMSparse(2, 4, Seed = 1)] public Linear Own { get; } = Linear(256, 258); // expect NMS003

    [KeepDense] public Linear Dense { get; } = Linear(50, 50);

    public long Width { get; set; } = 50;

    public override Tensor forward(Tensor x)
    {
        x = Required.call(Assigned.call(GetOnly.call(x)));
        x = Dense.call(Own.call(_backing.call(x)));
        return GetOnly.call(x) * Width;
    }
}
