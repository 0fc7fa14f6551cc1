using DigitResNet;
using Digits;
using Samples;

return Host.Run(CommandLine.Create(Run), args);

static int Run(Settings settings)
{
    DigitSet train = settings.Train is { } file ? OptDigits.Read(file) : DrawnDigits.Draw(settings.Images, seed: 1);
    DigitSet test = settings.Test is { } other ? OptDigits.Read(other) : DrawnDigits.Draw((settings.Images + 1) / 2, seed: 2);
    Console.WriteLine($"Data: {(settings.Train is null ? "drawn digits" : $"{settings.Train.Name}, {settings.Test!.Name}")}, {train.Count} images to train on, {test.Count} to test on; {Trainer.Epochs} epochs of {Trainer.Steps(train) / Trainer.Epochs} steps");
    var comparison = new Comparison(train, test, settings.Seeds);
    List<ModelResult> results = [];
    if (settings.Compare)
    {
        results.Add(comparison.Run("dense", static () => new DenseResidualNet()));
    }

    results.Add(comparison.Run("2:4", static () => new ResidualNet()));
    Console.WriteLine();
    foreach (ModelResult result in results)
    {
        Console.WriteLine(FormattableString.Invariant($"{result.Name,-8}{result.Mean:F2} ± {result.Deviation:F2} %  in {result.Seconds:F0} s"));
    }

    if (settings.Compare)
    {
        Console.WriteLine(FormattableString.Invariant($"2:4 less dense: {results[1].Mean - results[0].Mean:+0.00;-0.00} points"));
    }

    Console.WriteLine($"\n2:4, last seed:\n{results[^1].Report}");
    return 0;
}
