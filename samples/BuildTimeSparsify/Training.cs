using Digits;
using static TorchSharp.torch;

namespace BuildTimeSparsify;

/// <summary>Makes the checkpoint that is in the repository.</summary>
internal static class Training
{
    /// <summary>Trains on drawn digits and writes the checkpoint.</summary>
    public static int Run(string path, int seed)
    {
        random.manual_seed(seed);
        DigitNetDense model = new();
        DigitSet train = DrawnDigits.Draw(3000, seed: 1), test = DrawnDigits.Draw(1800, seed: 2);
        Trainer.Run(model, train, test, seed, (epoch, result) =>
            Console.WriteLine($"epoch {epoch,2} of {Trainer.Epochs}  training loss {result.TrainLoss:F4}  test accuracy {100 * result.TestAccuracy:F2} %"));
        Checkpoint.Save(model, path);
        Console.WriteLine($"{path}: {new FileInfo(path).Length:N0} bytes");
        return 0;
    }
}
