namespace BiMaskGen.Integration.Tests.Models;

/// <summary>Nothing sparse of its own; its blocks are in a Sequential, one of them below a module without an attribute.</summary>
[NMSparse(2, 4)]
internal sealed partial class BlocksInSequential : Module<Tensor, Tensor>
{
    private readonly Sequential net = Sequential(("first", new Block()), ("inner", new Around(new Block())));

    public BlocksInSequential() : base("net") => RegisterComponents();

    public override Tensor forward(Tensor x) => net.call(x);

    private sealed class Around : Module<Tensor, Tensor>
    {
        private readonly Block block;

        public Around(Block block) : base("around")
        {
            this.block = block;
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => block.call(x);
    }
}
