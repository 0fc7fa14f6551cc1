using System.Diagnostics;
using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Benchmarks.Accuracy;

/// <summary>Trains what the log does not hold yet.</summary>
/// <param name="log">Where finished runs go.</param>
/// <param name="only">Only variants whose name contains this.</param>
/// <param name="part">This part of the runs, from 1 on.</param>
/// <param name="parts">Of so many, which other processes take.</param>
internal sealed class Study(RunLog log, string only, int part, int parts)
{
    /// <summary>All variants over all seeds; the seeds outside, so that a study that is stopped has compared everything with less certainty.</summary>
    internal void Run(IStudyTask task, IReadOnlyList<int>? seeds)
    {
        // The same figures on every repeat: one thread, and no kernel that another run might have found slower. No kernel changes the mathematics.
        CpuPool.Threads = 1;
        TorchSharp.torch.set_num_threads(1);
        KernelPolicy.Mode = KernelMode.Dense;

        var planned = (from seed in seeds ?? task.Seeds
                       from variant in task.Variants
                       where variant.Name.Contains(only, StringComparison.OrdinalIgnoreCase)
                       select (variant, key: new RunKey(task.Name, task.Data, task.Recipe, variant.Pattern, variant.Method, variant.Options, seed)))
            .Where((_, index) => index % parts == part - 1).ToArray();
        HashSet<RunKey> there = [.. log.Read().Select(r => r.Key)];
        (Variant variant, RunKey key)[] left = [.. planned.Where(run => !there.Contains(run.key))];
        Console.WriteLine($"{task.Name}: {task.Data}; {task.Recipe}; {planned.Length} runs, {planned.Length - left.Length} of them in the log");
        for (int done = 1; done <= left.Length; done++)
        {
            RunRecord record = Train(task, left[done - 1].variant, left[done - 1].key);
            log.Append(record);
            Console.WriteLine(FormattableString.Invariant(
                $"{done,4}/{left.Length}  {left[done - 1].variant.Name,-60} seed {record.Key.Seed}  {record.Score,8:F4}  {record.Seconds,6:F1} s"));
        }
    }

    private static RunRecord Train(IStudyTask task, Variant variant, RunKey key)
    {
        long start = Stopwatch.GetTimestamp();
        using TrainedRun run = task.Train(variant, key.Seed);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        LayerReport[] layers = [.. ((run.Model as INMSparseModel)?.GetSparsityReport().Layers ?? []).Select(l => l.Report)];
        CheckEnd(variant, layers);
        double? kept = layers.Length > 0 && layers.All(l => l.KeptBackward is not null) ? layers.Sum(Kept) / layers.Sum(l => Weights(l) * l.KeptForward) : null;
        return new RunRecord(key, Math.Round(run.Curve[^1], 6), [.. run.Curve.Select(c => Math.Round(c, 4))], Math.Round(run.TrainLoss, 6), Round(kept), Math.Round(seconds, 1));
    }

    // A schedule that has not come to its end would be compared as a sparser model than it is.
    private static void CheckEnd(Variant variant, LayerReport[] layers)
    {
        if (variant.Pattern != Variant.Dense && layers.Length == 0)
        {
            throw new InvalidOperationException($"{variant.Name}: {variant.Type.Name} has no sparse layer.");
        }

        foreach (LayerReport layer in layers.Where(l => l.Form != variant.Pattern))
        {
            throw new InvalidOperationException($"{variant.Name}: {layer.Name} ended as {layer.Form}, not as {variant.Pattern}.");
        }
    }

    private static double Weights(LayerReport layer) => (double)layer.OutFeatures * layer.InFeatures;

    private static double? Kept(LayerReport layer) => Weights(layer) * layer.KeptForward * layer.KeptBackward;

    private static double? Round(double? share) => share is { } value ? Math.Round(value, 4) : null;
}
