// emits: Local.Net: redirected 1 of 1 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Local;

public static class Runner
{
    public static Tensor Run(Tensor x) => new Net().call(x);
}

/// <summary>Of this file alone: no other file, so no emitted one either, can reopen it.</summary>
[NMSparse(2, 4)]
// expect NMS011: 'Net' trains sparse, but has no sparsity report and keeps no mask state in checkpoints: a file-local type cannot have a part in another file, so remove 'file'
file sealed class Net : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);

    public Net() : base("net") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc.call(x);
}
