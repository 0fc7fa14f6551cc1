using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Tests.Api;

/// <summary>No change of the public API goes unseen: it shows in a file, and on the pages that are made from the documentation.</summary>
public sealed class PublicApiTests
{
    private static readonly string s_pages = Path.Combine(Folders.Repository, "docs", "api");

    [Fact]
    public void TheListingIsThatOfTheAssembly()
    {
        IEnumerable<string> lines = PublicSurface.Types.SelectMany(type => PublicSurface.Members(type).OrderBy(PublicSurface.Key, StringComparer.Ordinal).Prepend(type)).Select(Declarations.Full);
        CheckedInText.Verify(Path.Combine(Folders.Repository, "runtime", "BiMaskGen.Runtime", "PublicApi.txt"), string.Join('\n', lines) + "\n");
    }

    [Fact]
    public void ThePagesAreThoseOfTheDocumentation()
    {
        (string File, string Text)[] pages = [.. ApiPages.All()];
        Assert.All(pages, page => CheckedInText.Verify(Path.Combine(s_pages, page.File), page.Text));

        string[] left = [.. Directory.GetFiles(s_pages).Select(file => Path.GetFileName(file)).Except(pages.Select(page => page.File))];
        Assert.True(left.Length == 0, $"pages of namespaces that are gone: {string.Join(", ", left)}");
    }
}
