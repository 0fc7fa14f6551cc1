// emits: Calls.Hooked: redirected 1 of 1 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Calls;

[NMSparse(2, 4)]
public sealed partial class Hooked : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);
    private int _calls;

    public Hooked() : base("hooked")
    {
        RegisterComponents();
        fc.register_forward_hook((module, input, output) =>
        {
            _calls++;
            return output;
        });
    }

    public int Calls => _calls;

    public override Tensor forward(Tensor x) => relu(fc.call(x));
}
