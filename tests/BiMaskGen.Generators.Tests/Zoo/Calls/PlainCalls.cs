// emits: Calls.PlainCalls: redirected 11 of 11 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Calls;

[NMSparse(2, 4)]
public sealed partial class PlainCalls : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);
    private readonly Module<Tensor, Tensor> hidden = Linear(256, 256);

    public PlainCalls() : base("calls") => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = fc.call(x);
        x = fc.forward(x);
        x = this.fc.call(input: x);
        x = (fc).call(x);
        x = fc!.call(x);
        x = hidden.call(x).gelu();
        x = gelu(hidden.forward(x), TorchSharp.Modules.GELU.Approximate.none);
        x = relu(x: (fc.call(x))!, inplace: false);
        if (fc.call(x) is { } y)
        {
            x = y;
        }

        var message = $"{nameof(fc.call)} gives {fc.call(x)}";
        return message.Length > 0 ? fc.call(x) : x;
    }
}
