// emits: Demo.AutoEncoder: redirected 4 of 4 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;
using static Zoo.Support.Factories;

namespace Demo;

[NMSparse(2, 4)]
public sealed partial class AutoEncoder : Module<Tensor, (Tensor Reconstruction, Tensor Mean, Tensor LogVariance)>
{
    private readonly Linear encode = Linear(784, 400), mean = Linear(400, 32), logVariance = Linear(400, 32), decode = Linear(32, 784);
    private readonly ConvTranspose2d upsample = ConvTranspose2d(16, 1, 4); // expect NMS007

    public AutoEncoder() : base("vae") => RegisterComponents();

    public override (Tensor, Tensor, Tensor) forward(Tensor x)
    {
        Tensor hidden = relu(encode.call(x.flatten(1)));
        (Tensor m, Tensor v) = (mean.call(hidden), logVariance.call(hidden));
        Tensor z = m + (randn_like(v) * (v * 0.5).exp());
        return (upsample.call(functional.sigmoid(decode.call(z)).reshape(-1, 16, 7, 7)), m, v);
    }
}
