using System.Text.RegularExpressions;
using BiMaskGen.Build.Tests.Harness;

namespace BiMaskGen.Build.Tests.Report;

/// <summary>A headless Chromium, which looks at a page.</summary>
internal static partial class Browser
{
    /// <summary>How many pictures of a page it draws, "3 of 4"; fails if it complains of anything.</summary>
    public static string PicturesDrawn(TempFolder folder, string page)
    {
        ProcessResult plain = Browse(folder, page);
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
        ProcessResult result = Browse(folder, folder.Write("probe.html", probe));
        Assert.DoesNotContain("CONSOLE", result.Error, StringComparison.Ordinal);
        return Drawn().Match(result.Output).Groups[1].Value;
    }

    private static ProcessResult Browse(TempFolder folder, string page) => Processes.Run(
        folder.Path, SkippableBrowserFactAttribute.Browser!,
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", $"--user-data-dir={folder.File("profile")}",
        "--enable-logging=stderr", "--virtual-time-budget=5000", "--dump-dom", new Uri(page).AbsoluteUri);

    [GeneratedRegex("data-drawn=\"([^\"]*)\"")]
    private static partial Regex Drawn();
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
