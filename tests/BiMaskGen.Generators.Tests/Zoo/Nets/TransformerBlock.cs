// emits: Gpt.Block: redirected 4 of 4 calls.
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Gpt;

[NMSparse(2, 4)]
internal sealed partial class Block : Module<Tensor, Tensor> // expect NMS009
{
    private readonly LayerNorm norm1, norm2;
    private readonly Linear qkv, proj, fc1, fc2;
    private readonly long _heads;

    public Block(long dModel, long heads) : base("block")
    {
        _heads = heads;
        norm1 = LayerNorm(dModel);
        qkv = Linear(dModel, 3 * dModel);
        proj = Linear(dModel, dModel);
        norm2 = LayerNorm(dModel);
        fc1 = Linear(dModel, 4 * dModel);
        fc2 = Linear(4 * dModel, dModel);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        x = x + proj.call(Attend(norm1.call(x)));
        return x + fc2.call(gelu(fc1.call(norm2.call(x))));
    }

    private Tensor Attend(Tensor x)
    {
        long batch = x.shape[0], context = x.shape[1], dModel = x.shape[2];
        Tensor[] parts = qkv.call(x).chunk(3, -1);
        Tensor q = Heads(parts[0]), k = Heads(parts[1]), v = Heads(parts[2]);
        return scaled_dot_product_attention(q, k, v, is_casual: true).transpose(1, 2).reshape(batch, context, dModel);

        Tensor Heads(Tensor part) => part.reshape(batch, context, _heads, dModel / _heads).transpose(1, 2);
    }
}
