using System.IO.Compression;

namespace BiMaskGen.Package.Tests.Harness;

/// <summary>
/// The TorchSharp that consumers refer to. By default the managed stand-in, served under that id from the tests' own folder and never
/// published; with BiMaskTorchPath or BiMaskTorch=Package the real one.
/// </summary>
internal static class TorchReference
{
    private const string StandIn = "TorchSharp.StandIn";

    // Stable, as PackageFeed.Version is, and versions that no other feed has.
    public const string Version = "0.107.90001", TooOld = "0.106.90001";

    public static string Id => BuildFacts.BiMaskTorch == "Package" ? "TorchSharp-cpu" : "TorchSharp";

    /// <summary>Whether consumers restore the real TorchSharp, which only the machine's own sources can have.</summary>
    public static bool ComesFromAFeed => BuildFacts.BiMaskTorch == "Package" && BuildFacts.BiMaskTorchPath.Length == 0;

    /// <summary>What a project file says of it.</summary>
    public static string Item(bool central = false) => BuildFacts.BiMaskTorchPath is { Length: > 0 } path
        ? $"""<Reference Include="TorchSharp" HintPath="{path}/TorchSharp.dll" />"""
        : $"""<PackageReference Include="{Id}"{(central ? "" : $" Version=\"{CentralVersion}\"")} />""";

    public static string CentralVersion => BuildFacts.BiMaskTorch == "Package" ? "0.107.0" : Version;

    /// <summary>Puts the stand-in into a feed, one that says it is older, and the package of the CPU that refers to it, as TorchSharp's own does.</summary>
    public static void Serve(string feed)
    {
        foreach (string version in new[] { Version, TooOld })
        {
            using ZipArchive zip = Package(feed, "TorchSharp", version, """<dependency id="System.Numerics.Tensors" version="10.0.11" />""");
            zip.CreateEntryFromFile(BuiltFiles.Of(StandIn, StandIn + ".dll"), $"lib/net10.0/{StandIn}.dll");
        }

        if (ComesFromAFeed)
        {
            return;
        }

        Package(feed, "TorchSharp-cpu", Version, $"""<dependency id="TorchSharp" version="{Version}" />""").Dispose();
    }

    private static ZipArchive Package(string feed, string id, string version, string dependency)
    {
        ZipArchive zip = ZipFile.Open(Path.Combine(feed, $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        using StreamWriter nuspec = new(zip.CreateEntry($"{id}.nuspec").Open());
        nuspec.Write($"""
            <?xml version="1.0" encoding="utf-8"?>
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
              <metadata>
                <id>{id}</id>
                <version>{version}</version>
                <authors>tests</authors>
                <description>The managed stand-in, for tests of packages alone.</description>
                <dependencies>
                  <group targetFramework="net10.0">
                    {dependency}
                  </group>
                </dependencies>
              </metadata>
            </package>
            """);
        return zip;
    }
}
