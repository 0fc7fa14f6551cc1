using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Split
{
    partial class Net
    {
        public override Tensor forward(Tensor x) => third.call(Body(x));

        private partial Tensor Body(Tensor x);
    }
}

namespace Split
{
    partial class Net
    {
        private partial Tensor Body(Tensor x) => second.call(relu(first.call(x)));
    }
}
