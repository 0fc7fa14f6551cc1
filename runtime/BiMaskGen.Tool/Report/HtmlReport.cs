using BiMaskGen.Checkpoints;
using BiMaskGen.Reports;
using BiMaskGen.Tool.Output;
using BiMaskGen.Tool.Sparsifying;

namespace BiMaskGen.Tool.Report;

/// <summary>The page about a packed checkpoint.</summary>
internal static class HtmlReport
{
    /// <summary>Writes the page.</summary>
    /// <param name="result">What became of the checkpoint.</param>
    /// <param name="path">The page.</param>
    /// <param name="cancellation">Stops between two layers.</param>
    public static void Write(SparsifyResult result, string path, CancellationToken cancellation)
    {
        using PackedCheckpoint packed = PackedCheckpoint.Open(result.Output);
        HtmlPage.Write(path, Path.GetFileName(result.Output), page => Body(page, result, packed, cancellation));
    }

    private static void Body(TextWriter page, SparsifyResult result, PackedCheckpoint packed, CancellationToken cancellation)
    {
        long dense = result.Layers.Sum(l => l.DenseBytes), kept = result.Layers.Sum(l => l.PackedBytes);
        page.WriteLine(HtmlPage.Invariant($"<p>Made from {HtmlPage.Escape(Path.GetFileName(result.Checkpoint))}: {Tables.Bytes(result.DenseBytes)}, now {Tables.Bytes(result.PackedBytes)}. {result.Layers.Count} layers are sparse: {Tables.Bytes(dense)} dense, {Tables.Bytes(kept)} packed ({Share(kept, dense)}). {result.DenseTensors} tensors stay as they are.</p>"));
        Warnings(page, result.Warnings);
        Summary(page, result.Layers);
        foreach (LayerResult layer in result.Layers)
        {
            cancellation.ThrowIfCancellationRequested();
            Layer(page, layer, packed.Read(layer.Key));
        }
    }

    private static void Warnings(TextWriter page, IReadOnlyList<string> warnings)
    {
        if (warnings.Count > 0)
        {
            page.WriteLine("<ul>");
            foreach (string warning in warnings)
            {
                page.WriteLine($"<li>{HtmlPage.Escape(warning)}</li>");
            }

            page.WriteLine("</ul>");
        }
    }

    private static void Summary(TextWriter page, IReadOnlyList<LayerResult> layers)
    {
        page.WriteLine("""<table><tr><th>layer</th><th>pattern</th><th class="n">shape</th><th>type</th><th>kept magnitude</th><th class="n">kept by backward</th><th class="n">packed / dense</th></tr>""");
        foreach (LayerResult layer in layers)
        {
            page.WriteLine(HtmlPage.Invariant(
                $"""<tr><td><a href="#{HtmlPage.Escape(layer.Key)}">{HtmlPage.Escape(layer.Key)}</a></td><td>{layer.Pattern}</td><td class="n">{layer.OutFeatures} × {layer.InFeatures}</td><td>{layer.DType}</td><td><span class="bar"><i style="width:{100 * layer.KeptMagnitude:0.0}%"></i></span>{Tables.Percent(layer.KeptMagnitude)}</td><td class="n">{Tables.Percent(layer.BackwardKept)}</td><td class="n">{Share(layer.PackedBytes, layer.DenseBytes)}</td></tr>"""));
        }

        page.WriteLine("</table>");
    }

    private static void Layer(TextWriter page, LayerResult result, PackedLayer layer)
    {
        float[] weight = GC.AllocateUninitializedArray<float>(layer.OutFeatures * layer.InFeatures);
        layer.UnpackSingle(weight);
        (string corner, int rows, int columns) = WeightPictures.Corner(weight, layer.MakeForwardMask());
        string channels = result.Channels ? ", groups over a searched order of the input channels" : "";
        page.WriteLine(HtmlPage.Invariant($"""
            <h2 id="{HtmlPage.Escape(result.Key)}">{HtmlPage.Escape(result.Key)}</h2>
            <p>{(result.Member is null ? "" : HtmlPage.Escape(result.Member) + ": ")}{layer.Pattern} by {layer.Info.Score}, {layer.Info.Method}{channels}.</p>
            <figure><img alt="weights" width="320" src="{WeightPictures.Sizes(weight, layer.OutFeatures, layer.InFeatures)}"><figcaption>All weights: mean |w| after pruning, out_features down, in_features across.</figcaption></figure>
            <figure><img alt="mask" width="{8 * columns}" height="{8 * rows}" src="{corner}"><figcaption>The mask's first {rows} × {columns} entries: kept weights blue (positive) and red (negative).</figcaption></figure>
            """));
    }

    private static string Share(long part, long whole) => Tables.Percent(whole == 0 ? 0 : part / (double)whole);
}
