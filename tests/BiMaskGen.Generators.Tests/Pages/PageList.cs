using BiMaskGen.Generators.Tests.Harness;

namespace BiMaskGen.Generators.Tests.Pages;

/// <summary>All pages of the repository, by their path from its root.</summary>
internal static class PageList
{
    /// <summary>Pages for users: their code is what users copy.</summary>
    public static IReadOnlyList<string> ForUsers { get; } =
        [.. In(".", "README.md"), .. In("docs"), .. In("docs/api"), .. In("analyzers/docs/rules"), .. In("runtime/BiMaskGen.Package"), .. In("runtime/BiMaskGen.Tool")];

    public static IReadOnlyList<string> OfRules { get; } = [.. In("analyzers/docs/rules")];

    public static IReadOnlyList<string> All { get; } = [.. ForUsers, .. In(".", "CONTRIBUTING.md"), .. In(".", "CHANGELOG.md")];

    public static MarkdownPage Open(string page) => MarkdownPage.Open(Path.Combine(Folders.Repository, page));

    private static IEnumerable<string> In(string folder, string files = "*.md")
    {
        string path = Path.Combine(Folders.Repository, folder);
        return Directory.Exists(path)
            ? Directory.GetFiles(path, files).Select(file => Path.GetRelativePath(Folders.Repository, file).Replace('\\', '/')).Order(StringComparer.Ordinal)
            : [];
    }
}
