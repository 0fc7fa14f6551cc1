// emits: Collections.Net: redirected 2 of 2 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Collections;

[NMSparse(2, 4)]
public sealed partial class Net : Module<Tensor, Tensor>
{
    private readonly Linear fc1 = Linear(inputSize: 256, outputSize: 256), fc2 = Linear(256, 256, dtype: ScalarType.Float32);

    public Net() : base("net") => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        Tensor[] both = [fc1.call(x), .. new[] { fc2.call(x) }];
        System.Collections.Generic.Dictionary<string, Tensor> named = new() { ["a"] = both[0], ["b"] = both[^1] };
        return cat([.. named.Values], -1) switch
        {
            { shape: [_, > 512] } wide => wide.narrow(-1, 0, 256),
            var other => other,
        };
    }
}
