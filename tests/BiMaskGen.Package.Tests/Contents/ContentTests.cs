using System.Xml.Linq;
using BiMaskGen.Package.Tests.Harness;

namespace BiMaskGen.Package.Tests.Contents;

[Collection(nameof(Packages))]
public sealed class ContentTests(PackageFeed feed)
{
    [Fact]
    public void The_library_package_has_these_files_and_no_other()
    {
        string[] rules = [.. Directory.GetFiles(Path.Combine(BuiltFiles.Repository, "analyzers", "docs", "rules"), "*.md").Select(f => "analyzers/docs/rules/" + Path.GetFileName(f))];
        Assert.NotEmpty(rules);
        string[] expected =
        [
            "BiMaskGen.nuspec",
            "README.md",
            .. rules,
            "analyzers/dotnet/cs/BiMaskGen.Analyzers.dll",
            "analyzers/dotnet/cs/BiMaskGen.CodeFixes.dll",
            "analyzers/dotnet/cs/BiMaskGen.Generators.dll",
            "buildTransitive/net10.0/BiMaskGen.props",
            "buildTransitive/net10.0/BiMaskGen.targets",
            "icon.png",
            "lib/net10.0/BiMaskGen.Runtime.dll",
            "lib/net10.0/BiMaskGen.Runtime.xml",
            "tools/msbuild/BiMaskGen.Build.dll",
            "tools/net10.0/any/BiMaskGen.Runtime.dll",
            "tools/net10.0/any/Spectre.Console.dll",
            "tools/net10.0/any/System.CommandLine.dll",
            "tools/net10.0/any/bimask.deps.json",
            "tools/net10.0/any/bimask.dll",
            "tools/net10.0/any/bimask.runtimeconfig.json",
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), PackageFeed.Entries(feed.Library));
    }

    [Fact]
    public void The_tool_package_has_these_files_and_no_other() => Assert.Equal(
        [
            "BiMaskGen.Tool.nuspec",
            "README.md",
            "icon.png",
            "tools/net10.0/any/BiMaskGen.Runtime.dll",
            "tools/net10.0/any/DotnetToolSettings.xml",
            "tools/net10.0/any/Spectre.Console.dll",
            "tools/net10.0/any/System.CommandLine.dll",
            "tools/net10.0/any/bimask.deps.json",
            "tools/net10.0/any/bimask.dll",
            "tools/net10.0/any/bimask.runtimeconfig.json",
        ],
        PackageFeed.Entries(feed.Tool));

    [Fact]
    public void The_package_depends_on_nothing_and_says_what_it_is()
    {
        XElement metadata = XDocument.Parse(PackageFeed.Text(feed.Library, "BiMaskGen.nuspec")).Root!.Elements().Single();
        string Value(string name) => metadata.Elements().Single(e => e.Name.LocalName == name).Value;

        Assert.Equal(("BiMaskGen", PackageFeed.Version, "MIT", "README.md", "icon.png"), (Value("id"), Value("version"), Value("license"), Value("readme"), Value("icon")));
        Assert.DoesNotContain(metadata.Descendants(), e => e.Name.LocalName == "dependency");
        Assert.DoesNotContain(metadata.Elements(), e => e.Name.LocalName == "developmentDependency");
    }

    [Fact]
    public void Packing_twice_gives_the_same_bytes()
    {
        using TempFolder again = new();
        PackageFeed.Pack(again.Path);
        foreach (string package in new[] { feed.Library, feed.Tool })
        {
            Assert.Equal(File.ReadAllBytes(package), File.ReadAllBytes(again.File(Path.GetFileName(package))));
        }
    }
}
