// emits: Gpt.LanguageModel: redirected 1 of 1 calls.
using System.Linq;
using BiMaskGen;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Gpt;

[NMSparse(2, 4)]
public sealed partial class LanguageModel : Module<Tensor, Tensor> // expect NMS009
{
    private readonly Embedding tokens, positions; // expect NMS007, NMS007
    private readonly ModuleList<Module<Tensor, Tensor>> blocks;
    private readonly LayerNorm norm;
    private readonly Linear adapter;
    [KeepDense] private readonly Linear head;

    public LanguageModel(int vocabulary, int width, int depth) : base("lm")
    {
        tokens = Embedding(vocabulary, width);
        positions = Embedding(1024, width);
        blocks = ModuleList(Enumerable.Range(0, depth).Select(_ => (Module<Tensor, Tensor>)Identity()).ToArray());
        norm = LayerNorm(width);
        adapter = Linear(width, width);
        head = Linear(width, vocabulary, hasBias: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor ids)
    {
        Tensor x = tokens.call(ids) + positions.call(arange(ids.shape[1], dtype: ScalarType.Int64));
        foreach (var block in blocks)
        {
            x = block.call(x);
        }

        return head.call(norm.call(adapter.call(x)));
    }
}
