// emits: Rules.Decaying: redirected 1 of 1 calls.
// emits: Rules.SelfTraining: redirected 1 of 1 calls.
// emits: Rules.Undecayed: redirected 1 of 1 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Rules;

[NMSparse(2, 4)]
public sealed partial class Decaying : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);

    public Decaying() : base("net") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc.call(x);
}

[NMSparse(2, 4, Decay = 0)]
public sealed partial class Undecayed : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);

    public Undecayed() : base("net") => RegisterComponents();

    public override Tensor forward(Tensor x) => fc.call(x);
}

public static class Training
{
    public static void WithAdam()
    {
        Decaying model = new();
        // expect NMS014: Adam trains 'Decaying', whose Decay = 0.0002 is part of the gradient: it pollutes the second moment and is divided away; set DecoupledDecay = true and call DecayPruned after each step, or Decay = 0, or a Decay tuned for Adam
        using var optimizer = optim.Adam(model.parameters(), lr: 1e-3);
        optimizer.step();
    }

    public static void WithAdamW(Decaying model)
    {
        optim.Optimizer optimizer = optim.AdamW(model.parameters()); // expect NMS014
        optimizer.step();
    }

    public static void WithSgd(Decaying model) => optim.SGD(model.parameters(), 0.1).step();

    public static void WithoutDecay(Undecayed model) => optim.AdamW(model.parameters()).step();

    public static void Unrelated(Module model) => optim.AdamW(model.parameters()).step();
}

[NMSparse(2, 4)]
public sealed partial class SelfTraining : Module<Tensor, Tensor>
{
    private readonly Linear fc = Linear(256, 256);
    private readonly optim.Optimizer _optimizer;

    public SelfTraining() : base("net")
    {
        RegisterComponents();
        _optimizer = optim.AdamW(parameters()); // expect NMS014
    }

    public override Tensor forward(Tensor x) => fc.call(x);

    public void Step() => _optimizer.step();
}
