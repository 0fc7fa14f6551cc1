using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CharTransformer;

/// <summary>
/// A decoder-only character model. Its own only linear layer stays dense; the attribute is here so that the whole model can report
/// and save the sparse state of its blocks.
/// </summary>
[NMSparse(2, 4)]
internal sealed partial class CharModel : Module<Tensor, Tensor>
{
    private readonly Embedding tokens, positions;
    private readonly ModuleList<Module<Tensor, Tensor>> blocks;
    private readonly LayerNorm norm;
    [KeepDense] private readonly Linear head;

    /// <param name="createBlock">Makes a block of <paramref name="dModel"/>; called <paramref name="blockCount"/> times.</param>
    /// <param name="vocabulary">Number of tokens.</param>
    /// <param name="context">Longest sequence.</param>
    /// <param name="dModel">Width of the model.</param>
    /// <param name="blockCount">Number of blocks.</param>
    public CharModel(Func<Module<Tensor, Tensor>> createBlock, long vocabulary, long context, long dModel, int blockCount) : base("char_model")
    {
        tokens = Embedding(vocabulary, dModel);
        positions = Embedding(context, dModel);
        blocks = new([.. Enumerable.Range(0, blockCount).Select(_ => createBlock())]);
        norm = LayerNorm(dModel);
        head = Linear(dModel, vocabulary);
        RegisterComponents();

        // torch draws embeddings from N(0, 1), far above what a pre-norm block adds to the residual path.
        using IDisposable noGrad = no_grad();
        init.normal_(tokens.weight!, 0, 0.02);
        init.normal_(positions.weight!, 0, 0.02);
    }

    /// <summary>Token ids [batch, context] to logits [batch, context, vocabulary].</summary>
    public override Tensor forward(Tensor ids)
    {
        Tensor x = tokens.call(ids) + positions.call(arange(ids.shape[1], dtype: ScalarType.Int64));
        foreach (Module<Tensor, Tensor> block in blocks)
        {
            x = block.call(x);
        }

        return head.call(norm.call(x));
    }
}
