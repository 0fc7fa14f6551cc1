using BiMaskGen;
using Samples;

namespace CharTransformer;

/// <summary>What a run leaves: figures, the table of layers, the loss curve, the saved model.</summary>
internal static class RunReport
{
    private static readonly string[] s_colors = ["#1f6fb4", "#d9541e"];

    public static void Start(Settings s, string textName, TextCorpus corpus)
    {
        Console.WriteLine(FormattableString.Invariant($"Text: {textName}, {corpus.TrainLength:N0} characters to train on, {corpus.ValidationLength:N0} to validate on, vocabulary {corpus.Vocabulary.Count}"));
        Console.WriteLine(FormattableString.Invariant($"Model: {s.Blocks} blocks of {s.Pattern}, d_model {s.DModel}, {s.Heads} heads, context {s.Context}; {s.Steps} steps of {s.Batch} sequences, AdamW {s.LearningRate}, seed {s.Seed}"));
        Console.WriteLine();
    }

    public static void Finish(Session session, Settings settings, TextCorpus corpus)
    {
        Console.WriteLine();
        foreach (Trainer t in session.Trainers)
        {
            Console.WriteLine(FormattableString.Invariant($"{t.Name,-6} final validation loss {t.ValidationCurve[^1].Y:F4} nats/character, train {t.TrainLoss:F4}, {t.TokensPerSecond:N0} tokens/s"));
        }

        if (session.Trainers is [Trainer dense, Trainer sparse])
        {
            double ratio = sparse.ValidationCurve[^1].Y / dense.ValidationCurve[^1].Y;
            Console.WriteLine(FormattableString.Invariant($"{sparse.Name} / {dense.Name}: validation loss × {ratio:F4} ({100 * (ratio - 1):+0.00;-0.00} %), training speed × {sparse.TokensPerSecond / dense.TokensPerSecond:F2}"));
        }

        Console.WriteLine();
        Console.Write(session.Main.Model.GetSparsityReport());
        Console.WriteLine($"\nLoss curve: {SaveChart(session, settings)}");
        if (settings.Save is string path)
        {
            session.Main.Model.save(path);
            session.Main.Model.SaveSparseState(path + ".sparse.json");
            Console.WriteLine($"Saved: {path}, {path}.sparse.json");
        }

        if (settings.Sample > 0)
        {
            Console.WriteLine($"\n--- {settings.Sample} characters by the {session.Main.Name} model ---");
            Console.WriteLine(Generation.Write(session.Main.Model, corpus.Vocabulary, settings.Context, settings.Sample));
        }
    }

    private static string SaveChart(Session session, Settings settings)
    {
        string path = Path.Combine(settings.Out, "char-transformer-loss.svg");
        var chart = new SvgChart("Character transformer: " + string.Join(" and ", session.Trainers.Select(t => t.Name)), "optimizer step", "loss, nats per character");
        chart.Save(path, [.. session.Trainers.SelectMany((t, i) => Series(t, s_colors[i]))]);
        return path;
    }

    private static IEnumerable<ChartSeries> Series(Trainer t, string color) =>
    [
        new($"{t.Name}, training", color, t.TrainCurve, Markers: false),
        new($"{t.Name}, validation", color, t.ValidationCurve, Markers: true),
    ];
}
