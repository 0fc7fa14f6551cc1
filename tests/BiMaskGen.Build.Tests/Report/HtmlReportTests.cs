using System.Text.RegularExpressions;
using BiMaskGen.Build.Tests.Harness;
using BiMaskGen.Tool;
using BiMaskGen.Reports;

namespace BiMaskGen.Build.Tests.Report;

public sealed partial class HtmlReportTests : IDisposable
{
    private const int Pictures = 4;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_page_is_one_file_that_needs_nothing_else()
    {
        string page = File.ReadAllText(Page("page.html"));

        string[] sources = [.. Sources().Matches(page).Select(m => m.Groups[1].Value)];
        Assert.Equal(Pictures, sources.Length);
        Assert.All(sources, s => Assert.StartsWith("data:image/png;base64,", s, StringComparison.Ordinal));
        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("a&lt;b&gt;.weight", page, StringComparison.Ordinal);
        Assert.DoesNotContain("a<b>", page, StringComparison.Ordinal);
        Assert.Matches(@"width:\d\d\.\d%", page);
        Assert.Equal(page, File.ReadAllText(Page("again.html")).Replace("again.nms", "page.nms", StringComparison.Ordinal));
    }

    [Fact]
    public void The_mask_picture_has_a_pixel_of_colour_for_every_kept_weight()
    {
        string page = File.ReadAllText(Page("page.html"));
        (int width, int height, byte[] pixels) = PngDecoder.Decode(Convert.FromBase64String(Masks().Match(page).Groups[1].Value));

        Assert.Equal((32, 16), (width, height));
        for (int row = 0; row < height; row++)
        {
            for (int group = 0; group < width; group += 4)
            {
                int kept = Enumerable.Range(group, 4).Count(c => pixels[3 * ((row * width) + c)] != 246);
                Assert.Equal(2, kept);
            }
        }
    }

    [SkippableBrowserFact]
    public void A_browser_draws_all_pictures_and_complains_of_nothing()
    {
        string page = Page("page.html");
        Assert.Equal($"{Pictures} of {Pictures}", Browser.PicturesDrawn(_folder, page));
    }

    [Fact]
    public void A_png_decodes_to_its_pixels_and_its_checksums_hold()
    {
        byte[] pixels = new byte[3 * 5 * 7];
        new Random(1).NextBytes(pixels);
        (int width, int height, byte[] decoded) = PngDecoder.Decode(Png.Encode(pixels, 5, 7));
        Assert.Equal((5, 7), (width, height));
        Assert.Equal(pixels, decoded);
        Assert.Throws<ArgumentException>(() => Png.Encode(pixels, 5, 6));
    }

    private string Page(string name)
    {
        string dense = _folder.File("dense.safetensors"), page = _folder.File(name);
        CheckpointFiles.Write(dense, 1, ("a<b>.weight", [16, 32]), ("fc.weight", [200, 300]), ("fc.bias", [200]));
        using StringWriter output = new();
        string[] arguments = ["sparsify", dense, "-o", Path.ChangeExtension(page, ".nms.safetensors"), "-l", "**.weight", "-p", "2:4", "--report", page];
        Assert.True(Commands.Run(arguments, output, output) == 0, output.ToString());
        return page;
    }

    [GeneratedRegex("src=\"([^\"]*)\"")]
    private static partial Regex Sources();

    [GeneratedRegex("alt=\"mask\"[^>]*base64,([^\"]*)\"")]
    private static partial Regex Masks();
}
