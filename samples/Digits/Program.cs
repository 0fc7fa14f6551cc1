using Digits;
using Samples;

return Host.Run(CommandLine.Create(Run), args);

static int Run(Settings settings)
{
    bool files = settings.Train is not null;
    DigitSet train = files ? OptDigits.Read(settings.Train!) : DrawnDigits.Draw(3000, seed: 1);
    DigitSet test = files ? OptDigits.Read(settings.Test!) : DrawnDigits.Draw(1800, seed: 2);
    IReadOnlyList<Variant> variants = settings.Table ? Variant.All : [Variant.Find(settings.Pattern, settings.Search)];
    Console.WriteLine($"Data: {(files ? $"{settings.Train!.Name}, {settings.Test!.Name}" : "drawn digits")}, {train.Count} images to train on, {test.Count} to test on");
    Console.WriteLine($"Runs: {string.Join(", ", variants.Select(v => v.Name))}; seeds {string.Join(", ", settings.Seeds)}; {Trainer.Epochs} epochs of {Trainer.Steps(train) / Trainer.Epochs} steps\n");

    IReadOnlyList<VariantResult> results = new Study(train, test, settings.Seeds).Run(variants);
    Console.WriteLine();
    ParityTable.Print(results, reference: files);
    foreach (VariantResult r in results.Where(r => r.Report is not null))
    {
        Console.WriteLine($"\n{r.Variant.Name}, last seed:");
        Console.Write(r.Report);
    }

    return 0;
}
