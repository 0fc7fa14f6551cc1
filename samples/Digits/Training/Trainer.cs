using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Digits;

/// <summary>How a run ended.</summary>
internal readonly record struct RunResult(double TrainLoss, double TestAccuracy);

/// <summary>The training recipe; it does not know whether the model is sparse.</summary>
internal static class Trainer
{
    public const int Epochs = 15, BatchSize = 64;

    private const double LearningRate = 0.1, Momentum = 0.9, WeightDecay = 5e-4;

    /// <summary>Optimizer steps of a run; the last, smaller batch of an epoch counts.</summary>
    public static int Steps(DigitSet train, int epochs = Epochs) => epochs * ((train.Count + BatchSize - 1) / BatchSize);

    /// <summary>Trains the model in place.</summary>
    /// <param name="model">The model.</param>
    /// <param name="train">What it learns from.</param>
    /// <param name="test">What it is tested on after each epoch.</param>
    /// <param name="seed">Of the order of the images.</param>
    /// <param name="afterEpoch">Takes epoch, mean training loss and test accuracy.</param>
    /// <param name="epochs">How often it sees every image.</param>
    public static RunResult Run(
        Module<Tensor, Tensor> model, DigitSet train, DigitSet test, int seed, Action<int, RunResult> afterEpoch, int epochs = Epochs)
    {
        SGD optimizer = optim.SGD(model.parameters(), LearningRate, Momentum, weight_decay: WeightDecay);
        optim.lr_scheduler.LRScheduler schedule = optim.lr_scheduler.CosineAnnealingLR(optimizer, Steps(train, epochs));
        var random = new Random(seed);
        long[] order = [.. Enumerable.Range(0, train.Count).Select(i => (long)i)];
        RunResult result = default;
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            random.Shuffle(order);
            double loss = 0;
            foreach (long[] rows in order.Chunk(BatchSize))
            {
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                Tensor index = tensor(rows);
                Tensor batchLoss = cross_entropy(model.call(train.Inputs.index_select(0, index)), train.Labels.index_select(0, index));
                batchLoss.backward();
                optimizer.step();
                schedule.step();
                loss += batchLoss.item<float>() * rows.Length;
            }

            result = new RunResult(loss / train.Count, Accuracy(model, test));
            afterEpoch(epoch, result);
        }

        return result;
    }

    private static double Accuracy(Module<Tensor, Tensor> model, DigitSet test)
    {
        using IDisposable noGrad = no_grad();
        using var scope = NewDisposeScope();
        model.eval();
        Tensor right = model.call(test.Inputs).argmax(1).eq(test.Labels);
        model.train();
        return right.sum().item<long>() / (double)test.Count;
    }
}
