using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace BiMaskGen.Build.Tests.Models;

/// <summary>A block with both kinds of layers, a renamed one, and a property.</summary>
[NMSparse(2, 4)]
public sealed partial class Block : Module<Tensor, Tensor>
{
    private readonly Linear fc1;
    [KeepDense] private readonly Linear gate = Linear(16, 16);
    [ComponentName(Name = "proj")] private readonly Linear renamed = Linear(32, 16, hasBias: false);
    private readonly LayerNorm norm = LayerNorm(16);

    public Block(long width) : base("block")
    {
        fc1 = Linear(16, width);
        RegisterComponents();
    }

    [NMSparse(1, 4)]
    private Linear Out { get; } = Linear(16, 16);

    public override Tensor forward(Tensor x) => Out.call(gate.call(renamed.call(fc1.call(norm.call(x)))));
}

/// <summary>Carries no attribute; parts of it do.</summary>
public sealed class Gpt : Module<Tensor, Tensor>
{
    private readonly Embedding tokens = Embedding(8, 16);
    private readonly ModuleList<Block> blocks;
    private readonly Parameter scale = Parameter(ones(1));
    private readonly Linear head = Linear(16, 8);

    public Gpt() : base("gpt")
    {
        blocks = new(new Block(32), new Block(32));
        RegisterComponents();
    }

    public override Tensor forward(Tensor ids)
    {
        Tensor x = tokens.call(ids);
        foreach (Block block in blocks)
        {
            x = block.call(x);
        }

        return head.call(x * scale);
    }
}

/// <summary>Its base class has layers too.</summary>
[NMSparse(2, 8)]
public partial class Base : Module<Tensor, Tensor>
{
    private readonly Linear first = Linear(16, 16);

    public Base() : base("base")
    {
    }

    protected Base(string name) : base(name)
    {
    }

    public override Tensor forward(Tensor x) => first.call(x);
}

/// <summary>Derived; not annotated itself.</summary>
public sealed class Derived : Base
{
    private readonly Wrapper<Block> wrapped = new(new Block(32));

    public Derived() : base("derived") => RegisterComponents();

    public override Tensor forward(Tensor x) => wrapped.call(base.forward(x));
}

/// <summary>A generic class, and a tree of itself.</summary>
public sealed class Wrapper<T> : Module<Tensor, Tensor>
    where T : Module<Tensor, Tensor>
{
    private readonly T inner;
    private readonly Wrapper<T>? next;

    public Wrapper(T inner, Wrapper<T>? next = null) : base("wrapper")
    {
        this.inner = inner;
        this.next = next;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => next is null ? inner.call(x) : next.call(inner.call(x));
}

/// <summary>What it holds, only the constructor says.</summary>
public sealed class Loose : Module<Tensor, Tensor>
{
    private readonly ModuleList<Module<Tensor, Tensor>> blocks;
    private readonly Sequential tail;
    private readonly ModuleDict<Block> byName = ModuleDict(("left", new Block(32)), ("right", new Block(32)));

    public Loose(params Module<Tensor, Tensor>[] inner) : base("loose")
    {
        blocks = new(inner);
        tail = Sequential(Linear(16, 16), ReLU());
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        foreach (Module<Tensor, Tensor> block in blocks)
        {
            x = block.call(x);
        }

        return tail.call(byName["left"].call(x));
    }
}

/// <summary>Nested in another class.</summary>
public static partial class Outer
{
    /// <summary>The only user of this class is <see cref="Loose"/>, which does not say so.</summary>
    [NMSparse(1, 2)]
    public sealed partial class Hidden : Module<Tensor, Tensor>
    {
        private readonly Linear fc = Linear(16, 16);

        public Hidden() : base("hidden") => RegisterComponents();

        public override Tensor forward(Tensor x) => fc.call(x);
    }
}
