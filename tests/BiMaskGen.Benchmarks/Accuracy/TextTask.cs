using CharTransformer;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace BiMaskGen.Benchmarks.Accuracy;

/// <summary>Validation loss, in nats per character, of a small model of samples/CharTransformer by AdamW.</summary>
internal sealed class TextTask : IStudyTask
{
    private const int Context = 64, Sequences = 16, Heads = 4, ValidationBatches = 16, Points = 10;
    private const double LearningRate = 5e-3;

    private readonly string _text;
    private readonly int _steps, _dModel, _blocks;

    /// <param name="file">The text; null for the sources and docs of this repository.</param>
    /// <param name="quick">Whether seconds count more than the result.</param>
    internal TextTask(FileInfo? file, bool quick)
    {
        (string name, _text) = TextSource.Read(file);
        (_steps, _dModel, _blocks) = quick ? (20, 32, 1) : (1000, 64, 2);
        Data = $"{name} {_text.Length}";
        Recipe = $"{_steps} steps, d_model {_dModel}, {_blocks} blocks";
        IReadOnlyList<Variant> all = Variant.Of(typeof(Block), typeof(BlockDense));
        Variants = quick ? [.. all.Where(v => v.Pattern is Variant.Dense or "2:4" && v.Options.Length == 0)] : all;
        Seeds = quick ? [0] : [0, 1, 2];
    }

    public string Name => "text";

    public string Data { get; }

    public string Recipe { get; }

    public IReadOnlyList<Variant> Variants { get; }

    public IReadOnlyList<int> Seeds { get; }

    public TrainedRun Train(Variant variant, int seed)
    {
        manual_seed(seed);
        var corpus = new TextCorpus(_text, Sequences, Context, seed);
        var model = new CharModel(() => (Module<Tensor, Tensor>)Activator.CreateInstance(variant.Type, (long)_dModel, (long)Heads)!, corpus.Vocabulary.Count, Context, _dModel, _blocks);
        var trainer = new Trainer(variant.Name, model, LearningRate, _steps);
        Batch[] validation = [.. corpus.Validation(ValidationBatches)];
        List<double> curve = [];
        for (int step = 1; step <= _steps; step++)
        {
            using (NewDisposeScope())
            {
                trainer.Step(corpus.Next());
            }

            if (step * Points / _steps > (step - 1) * Points / _steps)
            {
                curve.Add(trainer.Validate(validation));
            }
        }

        return new TrainedRun(model, curve, trainer.TrainLoss);
    }
}
