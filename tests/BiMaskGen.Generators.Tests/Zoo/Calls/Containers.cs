// emits: Calls.Contained: redirected 9 of 10 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Calls;

/// <summary>Every container of torch's, every way to reach its elements.</summary>
[NMSparse(2, 4)]
public sealed partial class Contained : Module<Tensor, Tensor> // expect NMS009: The shape of 'Contained.given', 'Contained.experts' is not known...
{
    private readonly Sequential net = Sequential(("in", Linear(256, 250)), ("act", ReLU()), ("out", Linear(250, 256))); // expect NMS002, NMS003
    private readonly Module<Tensor, Tensor> given;
    private readonly ModuleList<Linear> layers = [Linear(256, 256), Linear(256, 256)];
    private readonly ModuleDict<Sequential> experts = new();
    [KeepDense("1")] private readonly ModuleList<Module<Tensor, Tensor>> tail = new(Linear(256, 256), Linear(256, 10));
    [KeepDense] private readonly Sequential head = Sequential(Linear(256, 10));

    public Contained(Sequential given) : base("contained")
    {
        this.given = given;
        experts.Add("a", Sequential(Linear(256, 256)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        x = relu(given.call(net.forward(x)));
        foreach (Linear layer in layers.Reverse())
        {
            x = layer.call(x).relu();
        }

        x = layers.Aggregate(x, (current, layer) => layer.forward(current));
        foreach ((string name, Sequential expert) in experts)
        {
            x = name == "a" ? expert.call(x) : x;
        }

        Linear last = layers[^1];
        x = last.call(experts["a"].call(x));
        Func<Tensor, Tensor> group = layers[0].call; // expect NMS008
        return head.call(tail[1].call(((Linear)tail[0]).call(group(x))));
    }
}
