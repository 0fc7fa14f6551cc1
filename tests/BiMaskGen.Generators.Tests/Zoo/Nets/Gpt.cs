// emits: Text.Gpt: redirected 1 of 1 calls.
// emits: Text.Layer: redirected 3 of 3 calls.
// emits: Text.Mixer: redirected 2 of 3 calls.
// emits: Text.Scaled: redirected 1 of 1 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Text;

/// <summary>One attribute for a whole model: its blocks say nothing themselves.</summary>
[NMSparse(2, 4, Reach = SparseReach.Children)]
public sealed partial class Gpt : Module<Tensor, Tensor>
{
    private readonly Linear stem = Linear(256, 256);
    private readonly ModuleList<Module<Tensor, Tensor>> blocks = new();
    [KeepDense] private readonly Linear head = Linear(256, 64);

    public Gpt(int count) : base("gpt")
    {
        for (int i = 0; i < count; i++)
        {
            blocks.Add(new Layer());
        }

        blocks.Add(new Scaled());
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => head.call(blocks.Aggregate(stem.call(x), (current, block) => block.call(current)));
}

public class Layer : Module<Tensor, Tensor>
{
    private readonly Linear fc1 = Linear(256, 512), fc2 = Linear(512, 256);
    private readonly Mixer mixer = new();

    public Layer() : base("layer") => RegisterComponents();

    public override Tensor forward(Tensor x) => mixer.fold.call(mixer.call(x + fc2.call(gelu(fc1.call(x)))));
}

public sealed class Mixer : Module<Tensor, Tensor>
{
    internal readonly Linear fold = Linear(256, 256);
    private readonly Sequential net = Sequential(Linear(256, 256), SiLU());
    private readonly Linear odd = Linear(256, 250); // expect NMS003: ...'Mixer.odd'...

    public Mixer() : base("mixer") => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        Func<Tensor, Tensor> plain = fold.call; // expect NMS008: This call of 'Mixer.fold' runs dense: a method group ...
        return plain(fold.call(net.call(x)));
    }
}

/// <summary>Derived from a block: what it inherits is reached as well.</summary>
public sealed class Scaled : Layer
{
    private readonly Linear scale = Linear(256, 256);

    public override Tensor forward(Tensor x) => scale.call(base.forward(x));
}

/// <summary>A second model that reaches the same block: its calls are redirected once.</summary>
[NMSparse(2, 4, Decay = 1e-4, Reach = SparseReach.Children)]
public sealed partial class Twin : Module<Tensor, Tensor>
{
    private readonly Layer layer = new();

    public Twin() : base("twin") => RegisterComponents();

    public override Tensor forward(Tensor x) => layer.call(x);
}
