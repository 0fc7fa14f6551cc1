using System.Globalization;
using System.Net;
using System.Text;
using BiMaskGen.Checkpoints;
using BiMaskGen.Tool.Output;
using BiMaskGen.Tool.Sparsifying;

namespace BiMaskGen.Tool.Report;

/// <summary>
/// The page about a packed checkpoint: one file that needs nothing else, no network and no script. It says nothing of when it was made, so
/// that the same checkpoint gives the same page.
/// </summary>
internal static class HtmlReport
{
    /// <summary>Writes the page beside its place and moves it there.</summary>
    /// <param name="result">What became of the checkpoint.</param>
    /// <param name="path">The page.</param>
    /// <param name="cancellation">Stops between two layers.</param>
    public static void Write(SparsifyResult result, string path, CancellationToken cancellation)
    {
        string draft = path + ".tmp";
        try
        {
            using (StreamWriter page = new(draft, append: false, new UTF8Encoding(false)) { NewLine = "\n" })
            {
                using PackedCheckpoint packed = PackedCheckpoint.Open(result.Output);
                Page(page, result, packed, cancellation);
            }

            File.Move(draft, path, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static void Page(TextWriter page, SparsifyResult result, PackedCheckpoint packed, CancellationToken cancellation)
    {
        string name = Path.GetFileName(result.Output);
        page.WriteLine($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Html(name)}</title>
            <style>
            {Css()}</style>
            </head>
            <body>
            <h1>{Html(name)}</h1>
            """);
        long dense = result.Layers.Sum(l => l.DenseBytes), kept = result.Layers.Sum(l => l.PackedBytes);
        page.WriteLine(Invariant($"<p>Made from {Html(Path.GetFileName(result.Checkpoint))}: {Tables.Bytes(result.DenseBytes)}, now {Tables.Bytes(result.PackedBytes)}. {result.Layers.Count} layers are sparse: {Tables.Bytes(dense)} dense, {Tables.Bytes(kept)} packed ({Share(kept, dense)}). {result.DenseTensors} tensors stay as they are.</p>"));
        Warnings(page, result.Warnings);
        Summary(page, result.Layers);
        foreach (LayerResult layer in result.Layers)
        {
            cancellation.ThrowIfCancellationRequested();
            Layer(page, layer, packed.Read(layer.Key));
        }

        page.WriteLine("</body>\n</html>");
    }

    private static void Warnings(TextWriter page, IReadOnlyList<string> warnings)
    {
        if (warnings.Count > 0)
        {
            page.WriteLine("<ul>");
            foreach (string warning in warnings)
            {
                page.WriteLine($"<li>{Html(warning)}</li>");
            }

            page.WriteLine("</ul>");
        }
    }

    private static void Summary(TextWriter page, IReadOnlyList<LayerResult> layers)
    {
        page.WriteLine("""<table><tr><th>layer</th><th>pattern</th><th class="n">shape</th><th>type</th><th>kept magnitude</th><th class="n">kept by backward</th><th class="n">packed / dense</th></tr>""");
        foreach (LayerResult layer in layers)
        {
            page.WriteLine(Invariant(
                $"""<tr><td><a href="#{Html(layer.Key)}">{Html(layer.Key)}</a></td><td>{layer.Pattern}</td><td class="n">{layer.OutFeatures} × {layer.InFeatures}</td><td>{layer.DType}</td><td><span class="bar"><i style="width:{100 * layer.KeptMagnitude:0.0}%"></i></span>{Tables.Percent(layer.KeptMagnitude)}</td><td class="n">{Tables.Percent(layer.BackwardKept)}</td><td class="n">{Share(layer.PackedBytes, layer.DenseBytes)}</td></tr>"""));
        }

        page.WriteLine("</table>");
    }

    private static void Layer(TextWriter page, LayerResult result, PackedLayer layer)
    {
        float[] weight = GC.AllocateUninitializedArray<float>(layer.OutFeatures * layer.InFeatures);
        layer.UnpackSingle(weight);
        (string corner, int rows, int columns) = LayerPictures.Corner(layer, weight);
        string channels = result.Channels ? ", groups over a searched order of the input channels" : "";
        page.WriteLine(Invariant($"""
            <h2 id="{Html(result.Key)}">{Html(result.Key)}</h2>
            <p>{(result.Member is null ? "" : Html(result.Member) + ": ")}{layer.Pattern} by {layer.Info.Score}, {layer.Info.Method}{channels}.</p>
            <figure><img alt="weights" width="320" src="{LayerPictures.Weights(layer, weight)}"><figcaption>All weights: mean |w| after pruning, out_features down, in_features across.</figcaption></figure>
            <figure><img alt="mask" width="{8 * columns}" height="{8 * rows}" src="{corner}"><figcaption>The mask's first {rows} × {columns} entries: kept weights blue (positive) and red (negative).</figcaption></figure>
            """));
    }

    private static string Css()
    {
        using Stream css = typeof(HtmlReport).Assembly.GetManifestResourceStream("page.css")!;
        return new StreamReader(css).ReadToEnd();
    }

    private static string Share(long part, long whole) => Tables.Percent(whole == 0 ? 0 : part / (double)whole);

    private static string Html(string text) => WebUtility.HtmlEncode(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
