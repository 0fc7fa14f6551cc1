using Digits;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace BiMaskGen.Benchmarks.Accuracy;

/// <summary>Test accuracy, in percent, of samples/Digits: the MLP 64-512-512-10 by SGD.</summary>
internal sealed class DigitsTask : IStudyTask
{
    private readonly DigitSet _train, _test;
    private readonly int _epochs;

    /// <param name="train">optdigits to train on; null for digits that the sample draws.</param>
    /// <param name="test">optdigits to test on.</param>
    /// <param name="quick">Whether seconds count more than the result.</param>
    internal DigitsTask(FileInfo? train, FileInfo? test, bool quick)
    {
        _train = train is null ? DrawnDigits.Draw(quick ? 640 : 3000, seed: 1) : OptDigits.Read(train);
        _test = test is null ? DrawnDigits.Draw(quick ? 200 : 1800, seed: 2) : OptDigits.Read(test);
        _epochs = quick ? 2 : Trainer.Epochs;
        Data = $"{train?.Name ?? "drawn"} {_train.Count}, {test?.Name ?? "drawn"} {_test.Count}";
        Recipe = $"{_epochs} epochs";
        IReadOnlyList<Variant> all = Variant.Of(typeof(Mlp), typeof(MlpDense));
        Variants = quick ? [.. all.Where(v => v.Pattern is Variant.Dense or "2:4" && !v.Options.Contains("Search", StringComparison.Ordinal))] : all;
        Seeds = quick ? [0] : [0, 1, 2, 3, 4];
    }

    public string Name => "digits";

    public string Data { get; }

    public string Recipe { get; }

    public IReadOnlyList<Variant> Variants { get; }

    public IReadOnlyList<int> Seeds { get; }

    public TrainedRun Train(Variant variant, int seed)
    {
        manual_seed(seed);
        var model = (Module<Tensor, Tensor>)Activator.CreateInstance(variant.Type)!;
        (model as INMSparseModel)?.SetTotalSteps(Trainer.Steps(_train, _epochs));
        List<double> curve = [];
        RunResult end = Trainer.Run(model, _train, _test, seed, (_, now) => curve.Add(100 * now.TestAccuracy), _epochs);
        return new TrainedRun(model, curve, end.TrainLoss);
    }
}
