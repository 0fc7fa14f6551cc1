using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Runtime.InteropServices;
using BiMaskGen.Checkpoints;
using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Sparsify;
using BiMaskGen.Tool.Bench;
using BiMaskGen.Tool.Output;
using Spectre.Console;

namespace BiMaskGen.Tool.Verbs;

/// <summary><c>bimask bench</c>: what packed inference gains on this machine.</summary>
internal static class BenchVerb
{
    public static Command Create()
    {
        Argument<FileInfo> packed = new("packed") { Description = "A packed checkpoint: each of its different layers is timed.", Arity = ArgumentArity.ZeroOrOne };
        packed.AcceptExistingOnly();
        Option<string> shape = new("--shape") { Description = "Without a checkpoint: out_features x in_features.", DefaultValueFactory = _ => "1024x1024" };
        Option<string> pattern = new("--pattern", "-p") { Description = "Without a checkpoint: the pattern.", DefaultValueFactory = _ => "2:4" };
        Option<int[]> batches = new("--batch", "-b")
        {
            Description = "Batch sizes, separated by commas.",
            CustomParser = Batches,
            DefaultValueFactory = _ => [1, 8, 64, 256],
        };
        Option<int?> threads = new("--threads") { Description = "Threads that a product may use." };
        threads.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<int?>() is < 1)
            {
                r.AddError("--threads: expected a number from 1.");
            }
        });
        return Verb.Create(
            "bench",
            "Time the products of packed layers against the dense ones, on this machine.",
            [packed, shape, pattern, batches, threads],
            (r, shell, cancellation) =>
            {
                CpuPool.Threads = r.GetValue(threads) ?? CpuPool.Threads;
                using PackedCheckpoint? file = r.GetValue(packed) is { } path ? PackedCheckpoint.Open(path.FullName) : null;
                IReadOnlyList<Func<PackedLayer>> layers = file is null
                    ? [() => Made(r.GetRequiredValue(shape), PatternText.Parse(r.GetRequiredValue(pattern)))]
                    : [.. file.Layers.DistinctBy(l => (l.Pattern, l.OutFeatures, l.InFeatures, l.HasChannelOrder)).Select(l => (Func<PackedLayer>)(() => file.Read(l.Name)))];
                return Run(layers, r.GetRequiredValue(batches), shell, cancellation);
            },
            Show);
    }

    private static BenchResult[] Run(IReadOnlyList<Func<PackedLayer>> layers, int[] batches, Shell shell, CancellationToken cancellation) =>
        shell.Progress("bench", layers.Count * batches.Length, step =>
        {
            List<BenchResult> results = [];
            foreach (Func<PackedLayer> layer in layers)
            {
                PackedLayer read = layer();
                foreach (int batch in batches)
                {
                    cancellation.ThrowIfCancellationRequested();
                    results.Add(LayerBench.Run(read, batch));
                    step($"{read.Name}, batch {batch}");
                }
            }

            return (BenchResult[])[.. results];
        });

    private static PackedLayer Made(string shape, NMPattern pattern)
    {
        string[] sides = shape.Split('x');
        if (sides.Length != 2 || !int.TryParse(sides[0], out int rows) || !int.TryParse(sides[1], out int columns) || rows < 1 || columns < 1)
        {
            throw new NMSparseException($"--shape {shape}: expected out_features x in_features, such as 1024x4096.");
        }

        float[] weight = new float[checked(rows * columns)];
        Random random = new(0);
        for (int i = 0; i < weight.Length; i++)
        {
            weight[i] = random.NextSingle() - 0.5f;
        }

        PackedLayerInfo info = new() { Name = shape, DType = DType.F32, OutFeatures = rows, InFeatures = columns, Pattern = pattern };
        OneShotOptions options = new(pattern) { Rows = new(PermutationSearch.Identity) };
        return PackedLayer.Pack(info, MemoryMarshal.AsBytes(weight.AsSpan()), OneShot.Sparsify(shape, weight, rows, columns, options).Forward);
    }

    private static int[] Batches(ArgumentResult result)
    {
        List<int> batches = [];
        foreach (string part in result.Tokens.SelectMany(t => t.Value.Split(',')))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int batch) || batch < 1)
            {
                result.AddError($"--batch {part}: expected numbers from 1, separated by commas.");
                return [];
            }

            batches.Add(batch);
        }

        return [.. batches];
    }

    private static void Show(BenchResult[] results, Shell shell)
    {
        Table table = Tables.Create("layer", "pattern", ">shape", ">batch", ">packed us", ">dense us", ">speed");
        foreach (BenchResult r in results)
        {
            table.Row(
                r.Layer, r.Pattern.ToString(), $"{r.OutFeatures} x {r.InFeatures}", r.Batch.ToString(CultureInfo.InvariantCulture),
                r.PackedMicroseconds.ToString("0.0", CultureInfo.InvariantCulture),
                r.DenseMicroseconds.ToString("0.0", CultureInfo.InvariantCulture),
                r.Speed.ToString("0.00", CultureInfo.InvariantCulture) + "x");
        }

        shell.Results.Write(table);
    }
}
