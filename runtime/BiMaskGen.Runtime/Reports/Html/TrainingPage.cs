using BiMaskGen.Training;

namespace BiMaskGen.Reports;

/// <summary>The page about a training.</summary>
internal static class TrainingPage
{
    private const string Forward = "#444444", Backward = "#1f6fb4", Gap = "#d9541e", Flips = "#2a9d4a";

    /// <summary>Writes the page.</summary>
    /// <param name="path">Where.</param>
    /// <param name="title">Its heading.</param>
    /// <param name="model">The model, as it is now.</param>
    /// <param name="points">How it came there.</param>
    public static void Write(string path, string title, INMSparseModel model, IReadOnlyList<TrainingPoint> points)
    {
        SparsityReport now = WithGaps(model.GetSparsityReport(), points);
        HtmlPage.Write(path, title, page =>
        {
            page.WriteLine($"<p>{now.Layers.Count} sparse layers, {points.Count} points.</p>");
            Table(page, now);
            (double, double)[] losses = [.. points.Index().Where(p => p.Item.Loss is not null).Select(p => (StepOf(p.Item, p.Index), p.Item.Loss!.Value))];
            Chart(page, "Training loss", "", new ChartSeries("loss", Forward, losses, Markers: true));
            foreach (((string name, SparseLayer layer), LayerReport report) in model.SparseLayers.Zip(now.Layers, (l, r) => (l, r.Report)))
            {
                Layer(page, name, layer, report, [.. points.SelectMany(p => p.Report.Layers.Where(l => l.Name == name).Select(l => l.Report))]);
            }
        });
    }

    // After the optimizer's step the gap cannot be told any more: the last point of that step could.
    private static SparsityReport WithGaps(SparsityReport now, IReadOnlyList<TrainingPoint> points) => points is not [.., var last]
        ? now
        : now with
        {
            Layers = [.. now.Layers.Select(l => (l.Name, l.Report with
            {
                GradientGap = l.Report.GradientGap ?? last.Report.Layers.FirstOrDefault(p => p.Name == l.Name && p.Report.Step == l.Report.Step).Report?.GradientGap,
            }))],
        };

    private static void Table(TextWriter page, SparsityReport report)
    {
        page.WriteLine("""<table><tr><th>layer</th><th>method</th><th>pattern</th><th>now</th><th class="n">shape</th><th>kept by forward</th><th class="n">by backward before π</th><th class="n">by backward</th><th class="n">gap</th><th class="n">flips</th><th class="n">step</th></tr>""");
        foreach ((string name, LayerReport r) in report.Layers)
        {
            page.WriteLine(HtmlPage.Invariant(
                $"""<tr><td><a href="#{HtmlPage.Escape(name)}">{HtmlPage.Escape(name)}</a></td><td>{r.Method}</td><td>{r.Pattern}</td><td>{HtmlPage.Escape(r.Form ?? "–")}</td><td class="n">{r.OutFeatures} × {r.InFeatures}</td><td><span class="bar"><i style="width:{100 * (r.KeptForward ?? 0):0.0}%"></i></span>{Percent(r.KeptForward)}</td><td class="n">{Percent(r.KeptBackwardIdentity)}</td><td class="n">{Percent(r.KeptBackward)}</td><td class="n">{Percent(r.GradientGap)}</td><td class="n">{Percent(r.Flips)}</td><td class="n">{r.Step}</td></tr>"""));
        }

        page.WriteLine("</table>");
        foreach ((string name, string reason) in report.DenseLayers)
        {
            page.WriteLine($"<p>{HtmlPage.Escape(name)}: dense ({HtmlPage.Escape(reason)})</p>");
        }
    }

    private static void Layer(TextWriter page, string name, SparseLayer layer, LayerReport report, LayerReport[] points)
    {
        page.WriteLine(HtmlPage.Invariant($"""
            <h2 id="{HtmlPage.Escape(name)}">{HtmlPage.Escape(name)}</h2>
            <p>{HtmlPage.Escape(report.Name)}: {report.Pattern}, {report.Method}, step {report.Step}.</p>
            """));
        Chart(
            page, "What the masks keep, and how far dX is from the gradient", "%",
            Curve("forward: Σ Mf / weights", Forward, points, r => r.KeptForward),
            Curve("backward: Σ Mb / Σ Mf", Backward, points, r => r.KeptBackward),
            Curve("gradient gap", Gap, points, r => r.GradientGap));
        Chart(page, "Entries of Mf that changed since the last refresh", "%", Curve("flips", Flips, points, r => r.Flips));
        if (layer.CopyMasks() is { } masks)
        {
            Pictures(page, layer, masks);
        }
        else
        {
            page.WriteLine(report.ReleasedBytes is null ? "<p>Not used yet: no masks.</p>" : "<p>Released: no masks any more.</p>");
        }
    }

    private static void Pictures(TextWriter page, SparseLayer layer, LayerMasks masks)
    {
        layer.Dense?.Read(weight => Sizes(page, weight, masks));
        if (masks.Backward is { } backward)
        {
            Figure(page, "backward mask", 320, null, WeightPictures.Shares(backward), "All of the backward mask: the share that is kept, the fullest cell in full colour. out_features down, in_features across.");
            (string uri, int rows, int columns) = WeightPictures.Corner(masks.Forward, backward);
            Figure(page, "both masks", 8 * columns, 8 * rows, uri, $"The first {rows} × {columns} entries of both masks: blue is kept by both directions, orange by forward alone, red by backward alone.");
        }
    }

    private static void Sizes(TextWriter page, MatrixView weight, LayerMasks masks)
    {
        float[] kept = new float[weight.Span.Length];
        masks.Forward.CopyTo(kept);
        for (int i = 0; i < kept.Length; i++)
        {
            kept[i] *= weight.Span[i];
        }

        (string uri, int rows, int columns) = WeightPictures.Corner(kept, masks.Forward);
        Figure(page, "weights", 320, null, WeightPictures.Sizes(kept, weight.Rows, weight.Columns), "All weights: mean |w| of what forward keeps, out_features down, in_features across.");
        Figure(page, "forward mask", 8 * columns, 8 * rows, uri, $"The forward mask's first {rows} × {columns} entries: kept weights blue (positive) and red (negative).");
    }

    private static void Figure(TextWriter page, string alt, int width, int? height, string uri, string caption) => page.WriteLine(
        $"""<figure><img alt="{alt}" width="{width}"{(height is { } h ? $" height=\"{h}\"" : "")} src="{uri}"><figcaption>{caption}</figcaption></figure>""");

    private static void Chart(TextWriter page, string title, string unit, params ReadOnlySpan<ChartSeries> series)
    {
        ChartSeries[] drawn = [.. series.ToArray().Where(s => s.Points.Count > 0)];
        if (drawn.Length > 0)
        {
            page.WriteLine($"<figure class=\"chart\">{new SvgChart(title, "optimizer step", unit).Render(drawn, inPage: true)}</figure>");
        }
    }

    private static ChartSeries Curve(string name, string color, LayerReport[] points, Func<LayerReport, double?> share) =>
        new(name, color, [.. points.Where(p => share(p) is not null).Select(p => ((double)p.Step, 100 * share(p)!.Value))], Markers: true);

    // A model without a sparse layer has no clock: there the points are counted.
    private static double StepOf(TrainingPoint point, int index) => point.Report.Layers is [var (_, first), ..] ? first.Step : index;

    private static string Percent(double? share) => share is { } value ? HtmlPage.Invariant($"{100 * value:0.00} %") : "–";
}
