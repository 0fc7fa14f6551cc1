using BiMaskGen.Benchmarks.Measuring;
using BiMaskGen.Kernels.Cpu;
using CharTransformer;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace BiMaskGen.Benchmarks.Torch;

/// <summary>
/// The time of a training step as a user of TorchSharp sees it, attribute on and off, on whichever torch the project was built against: autograd, the
/// optimizer and what two pools of threads cost each other are in it.
/// </summary>
internal static class TorchTable
{
    private static readonly (string Name, Func<Module<Tensor, Tensor>> Sparse, Func<Module<Tensor, Tensor>> Dense, long[] Input)[] s_rows =
    [
        ("MLP 768 -> 3072 -> 768, gelu, 1024 rows", () => new TwoLinears(768, 3072), () => new TwoLinearsDense(768, 3072), [1024, 768]),
        ("MLP 256 -> 1024 -> 256, gelu, 256 rows", () => new TwoLinears(256, 1024), () => new TwoLinearsDense(256, 1024), [256, 256]),
        ("transformer block, d_model 384, 6 heads, 16 x 64", () => new Block(384, 6), () => new BlockDense(384, 6), [16, 64, 384]),
        ("convolutions 3x3, 128 channels, relu, 16 x 16 x 16", () => new TwoConvolutions(128, 3), () => new TwoConvolutionsDense(128, 3), [16, 128, 16, 16]),
        ("convolutions 1x1, 512 channels, relu, 16 x 8 x 8", () => new TwoConvolutions(512, 1), () => new TwoConvolutionsDense(512, 1), [16, 512, 8, 8]),
    ];

    internal static int Run(int[] threads, bool quick)
    {
        Console.WriteLine($"{typeof(TorchSharp.torch).Assembly.GetName().Name} {typeof(TorchSharp.torch).Assembly.GetName().Version}; steps of training, 2:4, fp32, kernels {KernelPolicy.Mode}");
        Console.WriteLine($"{"model",-52} {"threads",7} {"sparse ms",10} {"dense ms",10} {"ratio",6}");
        foreach (int count in threads)
        {
            CpuPool.Threads = count;
            set_num_threads(count);
            foreach (var row in s_rows)
            {
                manual_seed(1);
                using TrainingStep sparse = new(row.Sparse(), row.Input), dense = new(row.Dense(), row.Input);
                sparse.Settle();
                Timing[] times = Interleaved.Measure(
                    [new Contender("sparse", Role.Subject, sparse.Run), new Contender("dense", Role.Library, dense.Run)], count, quick ? Budget.Quick : Budget.Full);
                Console.WriteLine(FormattableString.Invariant(
                    $"{row.Name,-52} {count,7} {times[0].Median,10:F2} {times[1].Median,10:F2} {times[0].Advantage(times[1]),6:F2}"));
            }
        }

        return 0;
    }
}
