namespace BiMaskGen.Integration.Tests.Models;

/// <summary>A net of two blocks.</summary>
internal interface INet
{
    IReadOnlyList<Block> Blocks { get; }

    /// <summary>Forward with every sparse product handed to somebody else.</summary>
    Tensor Forward(Tensor x, Func<string, Linear, Tensor, Tensor> product);
}

/// <summary>Annotated blocks in a parent without the attribute.</summary>
internal sealed class PlainNet : Module<Tensor, Tensor>, INet
{
    private readonly ModuleList<Block> blocks = new(new Block(), new Block());
    private readonly Linear head = Linear(Block.Width, 5);

    public PlainNet() : base("net") => RegisterComponents();

    public IReadOnlyList<Block> Blocks => [.. blocks];

    public override Tensor forward(Tensor x) => head.call(blocks.Aggregate(x, (current, block) => block.call(current)));

    public Tensor Forward(Tensor x, Func<string, Linear, Tensor, Tensor> product) =>
        head.call(blocks.Aggregate(x, (current, block) => block.Forward(current, product)));
}

/// <summary>Annotated blocks in an annotated parent with another pattern.</summary>
[NMSparse(1, 4)]
internal sealed partial class SparseNet : Module<Tensor, Tensor>, INet
{
    private readonly Linear stem = Linear(Block.Width, Block.Width);
    private readonly ModuleList<Block> blocks = new(new Block(), new Block());

    [KeepDense]
    private readonly Linear head = Linear(Block.Width, 5);

    public SparseNet() : base("net") => RegisterComponents();

    public IReadOnlyList<Block> Blocks => [.. blocks];

    public override Tensor forward(Tensor x)
    {
        x = stem.call(x);
        foreach (Block block in blocks)
        {
            x = block.call(x);
        }

        return head.call(x);
    }

    public Tensor Forward(Tensor x, Func<string, Linear, Tensor, Tensor> product)
    {
        x = product("stem", stem, x);
        foreach (Block block in blocks)
        {
            x = block.Forward(x, product);
        }

        return head.call(x);
    }
}
