// emits: Lazily.Net: redirected 3 of 3 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Lazily;

[NMSparse(2, 4)]
public sealed partial class Net : Module<Tensor, Tensor>
{
    private readonly Linear step = Linear(256, 256), gate = Linear(256, 256);

    public Net() : base("net") => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        foreach (Tensor state in States(x, 3))
        {
            x = state;
        }

        return x;
    }

    public async System.Threading.Tasks.Task<Tensor> ForwardAsync(Tensor x)
    {
        await System.Threading.Tasks.Task.Yield();
        return step.call(x);
    }

    private System.Collections.Generic.IEnumerable<Tensor> States(Tensor x, int count)
    {
        for (int i = 0; i < count; i++)
        {
            try
            {
                x = step.call(x);
            }
            finally
            {
                _ = i;
            }

            yield return TorchSharp.torch.sigmoid(gate.call(x)) * x;
        }
    }
}
