using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.RegularExpressions;
using BiMaskGen.Build.Tests.Harness;
using BiMaskGen.Tool;
using BiMaskGen.Tool.Report;

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
        (int width, int height, byte[] pixels) = Decode(Convert.FromBase64String(Masks().Match(page).Groups[1].Value));

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
        ProcessResult plain = Browse(page);
        Assert.DoesNotContain("CONSOLE", plain.Error, StringComparison.Ordinal);

        // The page forbids scripts; a copy that allows them tells what was drawn.
        string probe = File.ReadAllText(page)
            .Replace("default-src 'none';", "default-src 'none'; script-src 'unsafe-inline';", StringComparison.Ordinal)
            .Replace("</body>", """
                <script>
                addEventListener("load", () => {
                  let drawn = 0;
                  for (const img of document.images) {
                    const canvas = document.createElement("canvas");
                    canvas.width = img.naturalWidth; canvas.height = img.naturalHeight;
                    const context = canvas.getContext("2d");
                    context.drawImage(img, 0, 0);
                    const data = context.getImageData(0, 0, canvas.width, canvas.height).data;
                    const first = data.slice(0, 3).toString();
                    for (let i = 4; i < data.length; i += 4)
                      if (data.slice(i, i + 3).toString() !== first) { drawn++; break; }
                  }
                  document.documentElement.dataset.drawn = drawn + " of " + document.images.length;
                });
                </script>
                </body>
                """, StringComparison.Ordinal);
        ProcessResult result = Browse(_folder.Write("probe.html", probe));
        Assert.Contains($"data-drawn=\"{Pictures} of {Pictures}\"", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("CONSOLE", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_png_decodes_to_its_pixels_and_its_checksums_hold()
    {
        byte[] pixels = new byte[3 * 5 * 7];
        new Random(1).NextBytes(pixels);
        (int width, int height, byte[] decoded) = Decode(Png.Encode(pixels, 5, 7));
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

    private ProcessResult Browse(string page) => Processes.Run(
        _folder.Path, SkippableBrowserFactAttribute.Browser!,
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", $"--user-data-dir={_folder.File("profile")}",
        "--enable-logging=stderr", "--virtual-time-budget=5000", "--dump-dom", new Uri(page).AbsoluteUri);

    /// <summary>Reads what our encoder writes, from the format's description: no filters, one data chunk.</summary>
    private static (int Width, int Height, byte[] Pixels) Decode(byte[] png)
    {
        Assert.Equal([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], png[..8]);
        int width = 0, height = 0;
        byte[] data = [];
        for (int at = 8; at < png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            string type = System.Text.Encoding.ASCII.GetString(png, at + 4, 4);
            byte[] content = png[(at + 8)..(at + 8 + length)];
            Assert.Equal(Crc(png.AsSpan(at + 4, length + 4)), BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at + 8 + length)));
            if (type == "IHDR")
            {
                (width, height) = (BinaryPrimitives.ReadInt32BigEndian(content), BinaryPrimitives.ReadInt32BigEndian(content.AsSpan(4)));
                Assert.Equal([8, 2, 0, 0, 0], content[8..]);
            }
            else if (type == "IDAT")
            {
                using MemoryStream inflated = new();
                using ZLibStream zlib = new(new MemoryStream(content), CompressionMode.Decompress);
                zlib.CopyTo(inflated);
                data = inflated.ToArray();
            }

            at += length + 12;
        }

        Assert.Equal(height * ((3 * width) + 1), data.Length);
        return (width, height, [.. Enumerable.Range(0, height).SelectMany(row => data.AsSpan((row * ((3 * width) + 1)) + 1, 3 * width).ToArray())]);
    }

    // A table, where the encoder shifts bits.
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint[] table = [.. Enumerable.Range(0, 256).Select(i => Enumerable.Range(0, 8).Aggregate((uint)i, (c, _) => (c & 1) != 0 ? 0xedb88320 ^ (c >> 1) : c >> 1))];
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc = table[(crc ^ b) & 0xff] ^ (crc >> 8);
        }

        return crc ^ uint.MaxValue;
    }

    [GeneratedRegex("src=\"([^\"]*)\"")]
    private static partial Regex Sources();

    [GeneratedRegex("alt=\"mask\"[^>]*base64,([^\"]*)\"")]
    private static partial Regex Masks();
}

/// <summary>A test that is skipped, with the reason, where no Chromium is installed.</summary>
public sealed class SkippableBrowserFactAttribute : FactAttribute
{
    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome-headless-shell", "headless_shell"];

    public SkippableBrowserFactAttribute()
    {
        if (Browser is null)
        {
            Skip = $"No headless Chromium on the path; looked for {string.Join(", ", s_names)}.";
        }
    }

    /// <summary>The browser, or null.</summary>
    internal static string? Browser { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => s_names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
}
