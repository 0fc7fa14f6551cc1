#pragma warning disable IDE0130 // Two namespaces on purpose.
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace BiMaskGen.Build.Tests.Models.A
{
    public sealed class Twin() : Module<Tensor, Tensor>("twin")
    {
        public override Tensor forward(Tensor x) => x;
    }
}

namespace BiMaskGen.Build.Tests.Models.B
{
    public sealed class Twin() : Module<Tensor, Tensor>("twin")
    {
        public override Tensor forward(Tensor x) => x;
    }
}
