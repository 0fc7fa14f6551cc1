using System.IO.Compression;

namespace BiMaskGen.Package.Tests.Harness;

/// <summary>
/// The TorchSharp that consumers refer to. By default the managed stand-in, served under that id from the tests' own folder and never
/// published; with BiMaskTorchPath or BiMaskTorch=Package the real one.
/// </summary>
internal static class TorchReference
{
    private const string StandIn = "TorchSharp.StandIn";

    // A version that no other feed has.
    public const string Version = "0.107.0-standin", TooOld = "0.106.1-standin";

    public static string Id => Repository.BiMaskTorch == "Package" ? "TorchSharp-cpu" : "TorchSharp";

    /// <summary>What a project file says of it.</summary>
    public static string Item(bool central = false) => Repository.BiMaskTorchPath is { Length: > 0 } path
        ? $"""<Reference Include="TorchSharp" HintPath="{path}/TorchSharp.dll" />"""
        : $"""<PackageReference Include="{Id}"{(central ? "" : $" Version=\"{CentralVersion}\"")} />""";

    public static string CentralVersion => Repository.BiMaskTorch == "Package" ? "0.107.0" : Version;

    /// <summary>Puts the stand-in into a feed, and one that says it is older.</summary>
    public static void Serve(string feed)
    {
        foreach (string version in new[] { Version, TooOld })
        {
            using ZipArchive zip = ZipFile.Open(Path.Combine(feed, $"TorchSharp.{version}.nupkg"), ZipArchiveMode.Create);
            zip.CreateEntryFromFile(Repository.Built(StandIn, StandIn + ".dll"), $"lib/net10.0/{StandIn}.dll");
            using StreamWriter nuspec = new(zip.CreateEntry("TorchSharp.nuspec").Open());
            nuspec.Write($"""
                <?xml version="1.0" encoding="utf-8"?>
                <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
                  <metadata>
                    <id>TorchSharp</id>
                    <version>{version}</version>
                    <authors>tests</authors>
                    <description>The managed stand-in, for tests of packages alone.</description>
                    <dependencies>
                      <group targetFramework="net10.0">
                        <dependency id="System.Numerics.Tensors" version="10.0.11" />
                      </group>
                    </dependencies>
                  </metadata>
                </package>
                """);
        }
    }
}
