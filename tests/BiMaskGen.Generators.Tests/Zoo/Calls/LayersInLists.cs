// emits: Calls.Lists: redirected 4 of 4 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Calls;

/// <summary>Lists of torch's register what they hold, so it runs sparse; what is only in another collection stays dense, and is said to.</summary>
[NMSparse(2, 4)]
public sealed partial class Lists : Module<Tensor, Tensor> // expect NMS009: The shape of 'Lists.dictionary' is not known...
{
    private readonly Linear first = Linear(256, 256), last = Linear(256, 256);
    private readonly ModuleList<Linear> list = new(Linear(256, 256), Linear(256, 256));
    private readonly ModuleDict<Linear> dictionary = new();
    private readonly Linear[] array = [Linear(256, 256)]; // expect NMS007
    private readonly System.Collections.Generic.List<Linear> plain = []; // expect NMS007
    [KeepDense] private readonly ModuleList<Linear> heads = new(Linear(256, 10), Linear(256, 10));

    public Lists() : base("lists")
    {
        dictionary.Add("a", Linear(50, 50));
        plain.Add(Linear(50, 50));
        RegisterComponents();
        foreach (Linear layer in plain)
        {
            register_module("plain", layer);
        }
    }

    public override Tensor forward(Tensor x)
    {
        x = first.call(x);
        foreach (Linear layer in list)
        {
            x = relu(layer.call(x));
        }

        x = dictionary["a"].call(array[0].call(x));
        for (int i = 0; i < heads.Count; i++)
        {
            x = heads[i].call(x);
        }

        return last.call(x);
    }
}
