using System.Diagnostics;
using System.Runtime.InteropServices;
using BiMaskGen.Benchmarks.Contenders;
using BiMaskGen.Checkpoints;
using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Sparsify;

namespace BiMaskGen.Benchmarks.Sparsifying;

/// <summary>What a run is asked for.</summary>
internal sealed record ThroughputSettings(int Megabytes, int Side, string Pattern, PermutationSearch Search, bool Channels, int Threads, int Rounds, string Folder);

/// <summary>
/// Times a checkpoint of square float32 layers from file to file: read, prune, pack, hash, write. The page cache is warm and nothing waits for
/// the disk. Beside it the most private memory that the process had, which mapped files are no part of.
/// </summary>
internal static class Throughput
{
    internal static int Run(ThroughputSettings settings)
    {
        CpuPool.Threads = settings.Threads;
        string folder = Directory.CreateDirectory(Path.Combine(settings.Folder, $"bimask-sparsify-{Environment.ProcessId}")).FullName;
        try
        {
            string dense = Path.Combine(folder, "dense.safetensors"), packed = Path.Combine(folder, "packed.nms.safetensors");
            IReadOnlyList<SparsifyTarget> targets = Write(dense, settings);
            long bytes = new FileInfo(dense).Length;
            SparsifyOptions options = new() { Search = settings.Search, PermuteChannels = settings.Channels, Durable = false };
            Console.WriteLine($"{targets.Count} layers of {settings.Side} x {settings.Side} float32, {bytes / 1e9:F2} GB, {settings.Pattern}, rows {settings.Search}, channels {(settings.Channels ? "searched" : "in their order")}, {settings.Threads} threads");
            for (int round = 1; round <= settings.Rounds; round++)
            {
                using PrivateMemory memory = new();
                long start = Stopwatch.GetTimestamp();
                using (TensorFile source = TensorFile.Open(dense))
                {
                    CheckpointSparsifier.Run(source, targets, packed, options);
                }

                double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                Console.WriteLine($"round {round}: {seconds:F2} s, {bytes / seconds / 1e9:F2} GB/s, packed to {(double)new FileInfo(packed).Length / bytes:P1}, most private memory {memory.Peak / 1e6:F0} MB");
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<SparsifyTarget> Write(string path, ThroughputSettings settings)
    {
        long layerBytes = (long)settings.Side * settings.Side * sizeof(float);
        int count = (int)Math.Max(1, settings.Megabytes * 1_000_000L / layerBytes);
        TensorInfo[] tensors = [.. Enumerable.Range(0, count).Select(i => new TensorInfo($"layers.{i}.weight", DType.F32, settings.Side, settings.Side))];
        using SafeTensorsWriter writer = SafeTensorsWriter.Create(path, tensors, durable: false);
        float[] weight = new float[settings.Side * settings.Side];
        Random random = new(0);
        foreach (TensorInfo tensor in tensors)
        {
            for (int i = 0; i < weight.Length; i++)
            {
                weight[i] = random.NextSingle() + random.NextSingle() - 1;
            }

            writer.Write(tensor.Name, MemoryMarshal.AsBytes(weight.AsSpan()));
        }

        writer.Commit();
        NMPattern pattern = PatternLabel.Parse(settings.Pattern);
        return [.. tensors.Select(t => new SparsifyTarget(t.Name, pattern))];
    }
}
