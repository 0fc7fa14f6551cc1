using System.Diagnostics;
using BiMaskGen.Checkpoints;
using BiMaskGen.Sparsify;
using BiMaskGen.Tool.Keys;
using BiMaskGen.Tool.Report;

namespace BiMaskGen.Tool.Sparsifying;

/// <summary>Sparsifies a checkpoint whose targets are known and checked, and writes the page about it.</summary>
/// <param name="source">The open checkpoint.</param>
/// <param name="targets">What becomes sparse.</param>
/// <param name="output">The packed file.</param>
/// <param name="options">How.</param>
/// <param name="report">The page to write, or null.</param>
internal sealed class SparsifyJob(TensorFile source, IReadOnlyList<SparseKey> targets, string output, SparsifyOptions options, string? report)
{
    public SparsifyResult Run(Action<LayerResult> progress, IReadOnlyList<string> warnings, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        Dictionary<string, string?> members = targets.ToDictionary(t => t.Key, t => t.Member);
        IReadOnlyList<SparsifiedTensor> layers = CheckpointSparsifier.Run(
            source,
            [.. targets.Select(t => new SparsifyTarget(t.Key, t.Sparsity.Pattern, t.Sparsity.Method))],
            output,
            options,
            layer => progress(LayerResult.Of(layer, members[layer.Info.Name])),
            cancellation);
        SparsifyResult result = new(
            source.Path,
            output,
            new FileInfo(source.Path).Length,
            new FileInfo(output).Length,
            Stopwatch.GetElapsedTime(start).TotalSeconds,
            [.. layers.Select(l => LayerResult.Of(l, members[l.Info.Name]))],
            source.Tensors.Count - layers.Count,
            warnings,
            report);
        if (report is not null)
        {
            HtmlReport.Write(result, report, cancellation);
        }

        return result;
    }
}
