using System.Text.RegularExpressions;
using BiMaskGen.Generators.Tests.Harness;

namespace BiMaskGen.Generators.Tests.Pages;

/// <summary>Links inside the repository lead somewhere.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> Pages => [.. PageList.All];

    [Theory]
    [MemberData(nameof(Pages))]
    public void LinksLeadSomewhere(string page)
    {
        string folder = Path.GetDirectoryName(page)!;
        foreach (Match link in Link().Matches(PageList.Open(page).Prose))
        {
            (string file, string anchor) = (link.Groups[1].Value, link.Groups[2].Value);
            string target = file.Length == 0 ? page : Path.GetRelativePath(Folders.Repository, Path.GetFullPath(Path.Combine(Folders.Repository, folder, file)));
            Assert.True(Path.Exists(Path.Combine(Folders.Repository, target)), $"{page}: {link.Value}");
            Assert.True(anchor.Length == 0 || Anchors(target).Contains(anchor), $"{page}: {link.Value}");
        }
    }

    // As GitHub makes them: letters, digits, dashes and underscores, lower case, spaces as dashes.
    private static IEnumerable<string> Anchors(string page) => PageList.Open(page).Prose.Split('\n').Where(line => line.StartsWith('#'))
        .Select(line => NotInAnchors().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"\]\((?!https?:)([^)#\s]*)#?([^)\s]*)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchors();
}
