using System.Globalization;
using System.Text;

namespace BiMaskGen;

/// <summary>The statistics of all sparse layers of a model, and what stays dense and why.</summary>
/// <param name="Layers">The sparse layers by path.</param>
/// <param name="DenseLayers">The dense layers of annotated classes by path, each with the reason.</param>
public sealed record SparsityReport(
    IReadOnlyList<(string Name, LayerReport Report)> Layers, IReadOnlyList<(string Name, string Reason)> DenseLayers)
{
    private static readonly string[] s_header =
        ["layer", "method", "pattern", "now", "out × in", "kept fwd", "kept bwd before π", "kept bwd", "gap", "flips", "step", "y", "dX", "sparse/dense calls"];

    /// <summary>The report as a table for a console.</summary>
    public override string ToString()
    {
        List<string[]> rows = [s_header, .. Layers.Select(l => Row(l.Name, l.Report))];
        int[] widths = [.. Enumerable.Range(0, s_header.Length).Select(c => rows.Max(r => r[c].Length))];
        var text = new StringBuilder();
        foreach (string[] row in rows)
        {
            text.AppendLine(string.Join("  ", row.Select((cell, c) => c == 0 ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c]))).TrimEnd());
        }

        foreach ((string name, LayerReport layer) in Layers)
        {
            if (layer.ReleasedBytes is { } bytes)
            {
                double share = bytes / (double)(layer.ReleasedDenseBytes ?? (long)layer.OutFeatures * layer.InFeatures * sizeof(float));
                text.AppendLine(CultureInfo.InvariantCulture, $"{name}: released, holds {bytes:N0} bytes {(layer.ReleasedForm is { } form ? $"as {form}" : "packed")} ({Percent(share)} of its dense weight)");
            }
        }

        foreach ((string name, LayerReport layer) in Layers)
        {
            if (layer.CudaRefusal is { } refusal)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"{name}: on the GPU by torch's own operators ({refusal})");
            }

            foreach (KernelDecision choice in layer.Kernels.Where(k => k.Reason is not null))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"{name}: {choice.Product} of {choice.MaxRows} rows is {Name(choice.Kernel)} ({choice.Reason})");
            }
        }

        foreach ((string name, string reason) in DenseLayers)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{name}: dense ({reason})");
        }

        return text.ToString();
    }

    private static string[] Row(string name, LayerReport r) =>
    [
        name,
        r.Method.ToString(),
        r.Pattern.ToString(),
        r.Form ?? "–",
        string.Create(CultureInfo.InvariantCulture, $"{r.OutFeatures}×{r.InFeatures}"),
        Percent(r.KeptForward),
        Percent(r.KeptBackwardIdentity),
        Percent(r.KeptBackward),
        Percent(r.GradientGap),
        Percent(r.Flips),
        r.Step.ToString(CultureInfo.InvariantCulture),
        Kernel(r, "y"),
        Kernel(r, "dX"),
        string.Create(CultureInfo.InvariantCulture, $"{r.Counters.ForwardSparse + r.Counters.InputGradientSparse}/{r.Counters.ForwardDense + r.Counters.InputGradientDense}"),
    ];

    private static string Percent(double? share) => share is null ? "–" : string.Create(CultureInfo.InvariantCulture, $"{100 * share:F2} %");

    // The batch class with most calls: a large evaluation batch says nothing about a training run.
    private static string Kernel(LayerReport report, string product)
    {
        KernelDecision? decision = report.Kernels.Where(k => k.Product == product).MaxBy(k => k.Calls);
        return decision switch
        {
            null => KernelPolicy.Mode == KernelMode.Auto ? "–" : KernelPolicy.Mode.ToString().ToLowerInvariant(),
            { SparseMilliseconds: 0 } => Name(decision.Kernel),
            _ => string.Create(CultureInfo.InvariantCulture, $"{Name(decision.Kernel)} {decision.DenseMilliseconds / decision.SparseMilliseconds:F2}×"),
        };
    }

    private static string Name(KernelKind kernel) => kernel == KernelKind.MaskedDense ? "dense" : "sparse";
}
