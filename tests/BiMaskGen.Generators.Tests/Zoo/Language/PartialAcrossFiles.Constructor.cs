using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Split;

public sealed partial class Net : Module<Tensor, Tensor>
{
    private readonly Linear third = Linear(256, 254); // expect NMS003

    public Net() : base("net")
    {
        second = Linear(512, 256);
        RegisterComponents();
    }
}
