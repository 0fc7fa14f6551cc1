using Samples;
using static TorchSharp.torch;

namespace CharTransformer;

/// <summary>Trains one model, or a dense and a sparse one side by side on the same batches.</summary>
internal sealed class Session
{
    // Each validation costs about as many forwards; ten batches of 32 sequences hold the loss to about 1 %.
    private const int ValidationBatches = 16, Validations = 10;

    private readonly Settings _settings;
    private readonly TextCorpus _corpus;

    public Session(Settings settings, TextCorpus corpus)
    {
        (_settings, _corpus) = (settings, corpus);
        Trainers = settings.Compare ? [Create(Blocks.Dense), Create(settings.Pattern)] : [Create(settings.Pattern)];
        foreach (Trainer other in Trainers.Skip(1))
        {
            other.Model.load_state_dict(Trainers[0].Model.state_dict());
        }
    }

    /// <summary>The models; with <c>--compare</c> the dense one first.</summary>
    public IReadOnlyList<Trainer> Trainers { get; }

    /// <summary>The model that <c>--pattern</c> asked for.</summary>
    public Trainer Main => Trainers[^1];

    public void Run()
    {
        Batch[] validation = [.. _corpus.Validation(ValidationBatches)];
        var progress = new ProgressBar(_settings.Steps, "step");
        ValidateAll(validation);
        for (int step = 1; step <= _settings.Steps; step++)
        {
            using (NewDisposeScope())
            {
                Batch batch = _corpus.Next();
                foreach (Trainer trainer in Trainers)
                {
                    trainer.Step(batch);
                }
            }

            if ((long)step * Validations / _settings.Steps > (long)(step - 1) * Validations / _settings.Steps)
            {
                ValidateAll(validation);
            }

            progress.Report(step, () => string.Join("  |  ", Trainers.Select(Line)));
        }
    }

    private static string Line(Trainer t) => FormattableString.Invariant(
        $"{t.Name}: train {t.TrainLoss:F3}  validation {t.ValidationCurve[^1].Y:F3}  {t.TokensPerSecond:N0} tokens/s");

    private void ValidateAll(Batch[] validation)
    {
        foreach (Trainer trainer in Trainers)
        {
            trainer.Validate(validation);
        }
    }

    private Trainer Create(string pattern)
    {
        manual_seed(_settings.Seed);
        Settings s = _settings;
        var model = new CharModel(() => Blocks.Create(pattern, s.DModel, s.Heads), _corpus.Vocabulary.Count, s.Context, s.DModel, s.Blocks);
        return new Trainer(pattern, model, s.LearningRate, s.Steps);
    }
}
