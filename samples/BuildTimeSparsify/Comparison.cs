using System.Diagnostics;
using BiMaskGen;
using BiMaskGen.Checkpoints;
using Digits;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace BuildTimeSparsify;

/// <summary>The dense checkpoint and the packed one side by side: size, loss, speed.</summary>
internal static class Comparison
{
    private const int WarmUps = 200, Rounds = 15, Calls = 40;

    private static readonly int[] s_batches = [1, 8, 64];

    public static int Run(string densePath, string packedPath)
    {
        using IDisposable off = no_grad();
        DigitNetDense dense = new();
        Checkpoint.Load(dense, densePath);
        dense.eval();
        DigitNet sparse = new();
        sparse.LoadSparse(packedPath);

        Sizes(densePath, packedPath);
        DigitSet test = DrawnDigits.Draw(1800, seed: 2);
        (double denseLoss, double denseAccuracy) = Quality(dense, test);
        (double sparseLoss, double sparseAccuracy) = Quality(sparse, test);
        Console.WriteLine($"\nOn {test.Count} drawn digits:");
        Console.WriteLine($"  dense   loss {denseLoss:F4}, accuracy {100 * denseAccuracy:F2} %");
        Console.WriteLine($"  packed  loss {sparseLoss:F4}, accuracy {100 * sparseAccuracy:F2} %   (pruned in one go, not trained since)");
        Console.WriteLine($"  difference in loss {sparseLoss - denseLoss:+0.0000;-0.0000}");
        Speed(dense, sparse, test);
        Console.WriteLine();
        Console.Write(sparse.GetSparsityReport());
        return 0;
    }

    private static void Sizes(string densePath, string packedPath)
    {
        using PackedCheckpoint packed = PackedCheckpoint.Open(packedPath);
        long dense = packed.Layers.Sum(l => l.DenseBytes), kept = packed.Layers.Sum(l => l.ValueBytes + l.IndexBytes);
        Console.WriteLine($"Files:         {new FileInfo(densePath).Length:N0} bytes dense, {new FileInfo(packedPath).Length:N0} packed");
        Console.WriteLine($"Sparse layers: {dense:N0} bytes dense, {kept:N0} packed ({(double)kept / dense:P1}): {string.Join(", ", packed.Layers.Select(l => l.Name))}");
    }

    private static (double Loss, double Accuracy) Quality(Module<Tensor, Tensor> model, DigitSet test)
    {
        using var scope = NewDisposeScope();
        Tensor y = model.call(test.Inputs);
        return (cross_entropy(y, test.Labels).item<float>(), y.argmax(1).eq(test.Labels).sum().item<long>() / (double)test.Count);
    }

    private static void Speed(Module<Tensor, Tensor> dense, Module<Tensor, Tensor> sparse, DigitSet test)
    {
        Console.WriteLine("\nOne forward, median in microseconds:");
        foreach (int batch in s_batches)
        {
            Tensor x = test.Inputs.narrow(0, 0, batch).contiguous();
            Module<Tensor, Tensor>[] models = [dense, sparse];
            double[][] times = [new double[Rounds], new double[Rounds]];
            foreach (Module<Tensor, Tensor> model in models)
            {
                Time(model, x, WarmUps);
            }

            // In turns: whatever else the machine does then falls on both.
            for (int round = 0; round < Rounds; round++)
            {
                for (int m = 0; m < models.Length; m++)
                {
                    times[m][round] = Time(models[m], x, Calls);
                }
            }

            double a = Median(times[0]), b = Median(times[1]);
            Console.WriteLine($"  batch {batch,3}: dense {a,8:F1}   packed {b,8:F1}   {a / b:F2}x");
        }
    }

    private static double Time(Module<Tensor, Tensor> model, Tensor x, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
        {
            using var scope = NewDisposeScope();
            model.call(x);
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / calls;
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
