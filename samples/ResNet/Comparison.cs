using System.Diagnostics;
using BiMaskGen;
using Digits;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DigitResNet;

/// <summary>Accuracies of one model over the seeds.</summary>
internal sealed record ModelResult(string Name, IReadOnlyList<double> Accuracies, double Seconds, SparsityReport? Report)
{
    public double Mean => Accuracies.Average();

    /// <summary>The sample's standard deviation; 0 for one seed.</summary>
    public double Deviation => Accuracies.Count < 2 ? 0 : Math.Sqrt(Accuracies.Sum(a => (a - Mean) * (a - Mean)) / (Accuracies.Count - 1));
}

/// <summary>Trains a model from each seed.</summary>
internal sealed class Comparison(DigitSet train, DigitSet test, int seeds)
{
    public ModelResult Run(string name, Func<Module<Tensor, Tensor>> create)
    {
        List<double> accuracies = [];
        SparsityReport? report = null;
        long start = Stopwatch.GetTimestamp();
        for (int seed = 0; seed < seeds; seed++)
        {
            manual_seed(seed);
            using Module<Tensor, Tensor> model = create();
            RunResult result = Trainer.Run(model, train, test, seed, static (_, _) => { });
            accuracies.Add(100 * result.TestAccuracy);
            Console.WriteLine(FormattableString.Invariant($"{name}, seed {seed}: train loss {result.TrainLoss:F4}, test {accuracies[^1]:F2} %"));
            report = (model as INMSparseModel)?.GetSparsityReport();
        }

        return new ModelResult(name, accuracies, Stopwatch.GetElapsedTime(start).TotalSeconds, report);
    }
}
