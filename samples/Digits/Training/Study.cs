using BiMaskGen;
using Samples;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Digits;

/// <summary>One variant over several seeds.</summary>
internal sealed record VariantResult(Variant Variant, IReadOnlyList<double> Accuracies, SparsityReport? Report)
{
    public double Mean => Accuracies.Average();

    /// <summary>The sample's standard deviation; 0 for one seed.</summary>
    public double Deviation => Accuracies.Count < 2 ? 0 : Math.Sqrt(Accuracies.Sum(a => (a - Mean) * (a - Mean)) / (Accuracies.Count - 1));
}

/// <summary>Trains variants over seeds and shows where it is.</summary>
internal sealed class Study(DigitSet train, DigitSet test, IReadOnlyList<int> seeds)
{
    public IReadOnlyList<VariantResult> Run(IReadOnlyList<Variant> variants)
    {
        var progress = new ProgressBar(variants.Count * seeds.Count * Trainer.Epochs, "epoch");
        int done = 0;
        List<VariantResult> results = [];
        foreach (Variant variant in variants)
        {
            List<double> accuracies = [];
            SparsityReport? report = null;
            foreach (int seed in seeds)
            {
                manual_seed(seed);
                using Module<Tensor, Tensor> model = variant.Create();
                RunResult result = Trainer.Run(model, train, test, seed, (epoch, now) => progress.Report(++done, () => FormattableString.Invariant(
                    $"{variant.Name}, seed {seed}, epoch {epoch,2}: train loss {now.TrainLoss:F4}  test {100 * now.TestAccuracy:F2} %")));
                accuracies.Add(result.TestAccuracy);
                report = (model as INMSparseModel)?.GetSparsityReport();
            }

            results.Add(new VariantResult(variant, accuracies, report));
        }

        return results;
    }
}
