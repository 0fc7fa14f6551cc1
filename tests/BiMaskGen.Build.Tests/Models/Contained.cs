using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace BiMaskGen.Build.Tests.Models;

/// <summary>Layers in containers: named in the source, or only counted by the run; some kept dense, an annotated class among them.</summary>
[NMSparse(2, 4)]
public sealed partial class Contained : Module<Tensor, Tensor>
{
    private readonly Sequential body = Sequential(("in", Linear(16, 32)), ("act", ReLU()), ("block", new Block(32)), ("nested", Sequential(Linear(32, 32), LayerNorm(32))));

    [KeepDense("1")]
    private readonly ModuleList<Linear> layers;

    private readonly ModuleDict<Linear> byName = new();

    [KeepDense]
    private readonly Sequential head = Sequential(Linear(32, 4));

    public Contained() : base("contained")
    {
        layers = new([.. Enumerable.Range(0, 3).Select(_ => Linear(32, 32))]);
        byName.Add("a", Linear(32, 32));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) =>
        head.call(byName["a"].call(layers.Aggregate(body.call(x), (current, layer) => layer.call(current))));
}
