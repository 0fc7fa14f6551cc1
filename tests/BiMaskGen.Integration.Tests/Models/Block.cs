namespace BiMaskGen.Integration.Tests.Models;

/// <summary>A transformer block with an attribute of its own.</summary>
[NMSparse(2, 4)]
internal sealed partial class Block : Module<Tensor, Tensor>
{
    public const int Width = 32;

    private readonly LayerNorm ln1 = LayerNorm(Width), ln2 = LayerNorm(Width);
    private readonly Linear qkv = Linear(Width, 3 * Width, hasBias: false);
    private readonly Linear proj = Linear(Width, Width);
    private readonly Linear fc1 = Linear(Width, 2 * Width);
    private readonly Linear fc2 = Linear(2 * Width, Width);

    public Block() : base("block") => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = x + proj.call(Attend(qkv.call(ln1.call(x))));
        return x + fc2.call(gelu(fc1.call(ln2.call(x))));
    }

    /// <summary>The same with every sparse product handed to somebody else.</summary>
    public Tensor Forward(Tensor x, Func<string, Linear, Tensor, Tensor> product)
    {
        x = x + product("proj", proj, Attend(product("qkv", qkv, ln1.call(x))));
        return x + product("fc2", fc2, gelu(product("fc1", fc1, ln2.call(x))));
    }

    private static Tensor Attend(Tensor qkv)
    {
        Tensor[] parts = qkv.chunk(3, -1);
        Tensor scores = parts[0].matmul(parts[1].transpose(-2, -1)) / Math.Sqrt(Width);
        return softmax(scores, -1).matmul(parts[2]);
    }
}
