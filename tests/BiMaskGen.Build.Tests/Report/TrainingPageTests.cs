using System.Globalization;
using System.Text.RegularExpressions;
using BiMaskGen.Build.Tests.Harness;
using BiMaskGen.Build.Tests.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace BiMaskGen.Build.Tests.Report;

public sealed partial class TrainingPageTests : IDisposable
{
    private const int Steps = 12, Layers = 3, Pictures = 4 * Layers, Charts = 1 + (2 * Layers);
    private static readonly (byte, byte, byte) s_paper = (246, 246, 244), s_both = (24, 92, 160);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_page_is_one_file_that_needs_nothing_else()
    {
        (Block model, TrainingRecord record) = Trained();
        string page = Page(record, "page.html", "<b>run & rest");

        string[] sources = [.. Sources().Matches(page).Select(m => m.Groups[1].Value)];
        Assert.Equal(Pictures, sources.Length);
        Assert.All(sources, s => Assert.StartsWith("data:image/png;base64,", s, StringComparison.Ordinal));
        Assert.Equal(Charts, Regex.Count(page, "<svg "));
        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("<h1>&lt;b&gt;run &amp; rest</h1>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.Equal(["fc1", "proj", "&lt;Out&gt;k__BackingField"], Headings().Matches(page).Select(m => m.Groups[1].Value));
        Assert.Contains("gate: dense ([KeepDense])", page, StringComparison.Ordinal);
        Assert.Equal(page, Page(record, "again.html", "<b>run & rest"));
        Assert.Equal(["again.html", "page.html"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
        model.Dispose();
    }

    [Fact]
    public void The_table_and_the_points_have_the_figures_of_the_report()
    {
        (Block model, TrainingRecord record) = Trained();
        Assert.Equal(Steps, record.Points.Count);
        Assert.Equal(Enumerable.Range(0, Steps).Select(s => (long)s), record.Points.Select(p => p.Report.Layers[0].Report.Step));
        LayerReport last = record.Points[^1].Report.Layers[0].Report;
        Assert.InRange(last.GradientGap!.Value, 0.01, 1);
        string row = Regex.Match(Page(record, "page.html"), "<tr><td><a href=\"#fc1\">.*</tr>").Value;
        foreach (double? share in new[] { last.KeptForward, last.KeptBackwardIdentity, last.KeptBackward, last.GradientGap, last.Flips })
        {
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{100 * share!.Value:0.00} %</td>"), row, StringComparison.Ordinal);
        }

        model.Dispose();
    }

    [Fact]
    public void Every_curve_has_all_its_points_and_what_is_larger_is_drawn_higher()
    {
        (Block model, TrainingRecord record) = Trained();
        string page = Page(record, "page.html");
        double[] losses = [.. record.Points.Select(p => p.Loss!.Value)];
        double[] heights = [.. Regex.Match(page, "<polyline points=\"([^\"]*)\"").Groups[1].Value.Split(' ').Select(p => double.Parse(p.Split(',')[1], CultureInfo.InvariantCulture))];
        Assert.Equal(Steps, heights.Length);
        for (int i = 1; i < Steps; i++)
        {
            // The chart rounds to a tenth of its unit.
            Assert.True(losses[i] > losses[i - 1] ? heights[i] <= heights[i - 1] : heights[i] >= heights[i - 1], $"point {i}");
        }

        model.Dispose();
    }

    [Fact]
    public void The_picture_of_both_masks_has_a_pixel_for_every_kept_weight()
    {
        (Block model, TrainingRecord record) = Trained();
        LayerReport fc1 = record.Points[^1].Report.Layers[0].Report;
        string both = Regex.Match(Page(record, "page.html"), "alt=\"both masks\"[^>]*base64,([^\"]*)\"").Groups[1].Value;
        (int width, int height, byte[] pixels) = PngDecoder.Decode(Convert.FromBase64String(both));
        Assert.Equal((fc1.InFeatures, fc1.OutFeatures), (width, height));
        (byte, byte, byte)[] colors = [.. pixels.Chunk(3).Select(p => (p[0], p[1], p[2]))];
        Assert.All(colors.Chunk(4), group => Assert.Equal(2, group.Count(c => c != s_paper)));
        Assert.Equal(fc1.KeptBackward!.Value, colors.Count(c => c == s_both) / (double)colors.Count(c => c != s_paper), 12);
        model.Dispose();
    }

    [Fact]
    public void A_model_that_was_not_used_and_one_that_was_released_say_so()
    {
        var model = new Block(32);
        var record = new TrainingRecord(model);
        Assert.Equal(Layers, Regex.Count(Page(record, "unused.html"), "<p>Not used yet: no masks.</p>"));
        model.eval();
        model.ReleaseDense();
        string page = Page(record, "released.html");
        Assert.Equal(Layers, Regex.Count(page, "<p>Released: no masks any more.</p>"));
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<svg", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_an_error_of_the_file_system() =>
        Assert.Throws<DirectoryNotFoundException>(() => new TrainingRecord(new Block(32)).SaveHtml(_folder.File("no/page.html")));

    [SkippableBrowserFact]
    public void A_browser_draws_all_pictures_and_complains_of_nothing()
    {
        (Block model, TrainingRecord record) = Trained();
        Page(record, "page.html");
        Assert.Equal($"{Pictures} of {Pictures}", Browser.PicturesDrawn(_folder, _folder.File("page.html")));
        model.Dispose();
    }

    private string Page(TrainingRecord record, string name, string? title = null)
    {
        record.SaveHtml(_folder.File(name), title);
        return File.ReadAllText(_folder.File(name));
    }

    private static (Block Model, TrainingRecord Record) Trained()
    {
        manual_seed(1);
        var model = new Block(32);
        var record = new TrainingRecord(model);
        var optimizer = optim.SGD(model.parameters(), 0.5);
        for (int step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            Tensor x = randn(8, 16), loss = mse_loss(model.call(x), x);
            loss.backward();
            record.Add(loss.item<float>());
            optimizer.step();
        }

        return (model, record);
    }

    [GeneratedRegex("src=\"([^\"]*)\"")]
    private static partial Regex Sources();

    [GeneratedRegex("<h2 id=\"([^\"]*)\">")]
    private static partial Regex Headings();
}
