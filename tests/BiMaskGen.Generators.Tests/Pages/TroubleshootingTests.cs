using System.Text.RegularExpressions;
using BiMaskGen.Generators.Tests.Harness;

namespace BiMaskGen.Generators.Tests.Pages;

/// <summary>docs/troubleshooting.md has a row for everything that this project can say to a user, and none for anything else.</summary>
public sealed partial class TroubleshootingTests
{
    private const string Page = "docs/troubleshooting.md";

    [Theory]
    [InlineData(Page)]
    [InlineData("README.md")]
    public void EveryDiagnosticHasARow(string page) => Compare(
        AnalyzerRun.Rules.SelectMany(rule => rule.SupportedDiagnostics).Select(descriptor => descriptor.Id), @"^\| \[(NMS\d+)\]\((?:\.\./)?analyzers/docs/rules/\1\.md\) \| \S", page);

    [Fact]
    public void EveryCodeOfTheBuildHasARow()
    {
        string runtime = Path.Combine(Folders.Repository, "runtime");
        string[] sources = ["BiMaskGen.Build/*.cs", "BiMaskGen.Tool/Building/*.cs", "BiMaskGen.Package/buildTransitive/*.*"];
        Compare(
            sources.SelectMany(pattern => Directory.GetFiles(Path.Combine(runtime, Path.GetDirectoryName(pattern)!), Path.GetFileName(pattern)))
                .SelectMany(file => BuildCode().Matches(File.ReadAllText(file))).Select(code => code.Value),
            @"^\| (BIMASK\d+) \| \S");
    }

    [Fact]
    public void EveryExceptionHasARow() => Compare(
        typeof(NMSparseException).Assembly.GetExportedTypes().Where(type => type.IsAssignableTo(typeof(Exception))).Select(type => type.Name), @"^\| `(\w+Exception)` \| \S");

    private static void Compare(IEnumerable<string> expected, string row, string page = Page)
    {
        string[] all = [.. expected.Distinct().Order(StringComparer.Ordinal)];
        Assert.NotEmpty(all);
        Assert.Equal(all, Regex.Matches(PageList.Open(page).Prose, row, RegexOptions.Multiline).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"\bBIMASK\d{3}\b")]
    private static partial Regex BuildCode();
}
