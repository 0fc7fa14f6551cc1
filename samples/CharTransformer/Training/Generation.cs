using System.Text;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace CharTransformer;

/// <summary>Lets a model write.</summary>
internal static class Generation
{
    private const double Temperature = 0.8;

    /// <summary>Draws characters one by one, after a line break.</summary>
    public static string Write(CharModel model, Vocabulary vocabulary, int context, int count)
    {
        List<long> ids = [vocabulary.Id('\n')];
        model.eval();
        using IDisposable noGrad = no_grad();
        for (int i = 0; i < count; i++)
        {
            using var scope = NewDisposeScope();
            long[] seen = [.. ids.TakeLast(context)];
            Tensor last = model.call(tensor(seen).reshape(1, -1)).select(1, seen.Length - 1);
            Tensor chances = softmax(last / Temperature, -1);
            ids.Add(multinomial(chances, 1).item<long>());
        }

        model.train();
        return new StringBuilder().AppendJoin("", ids.Skip(1).Select(id => vocabulary[id])).ToString();
    }
}
