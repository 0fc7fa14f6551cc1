using System.IO.Compression;

namespace BiMaskGen.Package.Tests.Harness;

/// <summary>Our packages, packed from what is built, in a folder that serves as a feed; shared by all tests, for packing takes seconds.</summary>
public sealed class PackageFeed : IDisposable
{
    // Stable, for `dotnet add package` without a version takes no other, and a number that no other feed has.
    internal const string Version = "0.1.90001";

    private readonly TempFolder _folder = new();

    public PackageFeed()
    {
        Pack(Folder);
        TorchReference.Serve(Folder);
    }

    internal string Folder => _folder.File("feed");

    /// <summary>Where restored packages of the consumers go: what a test restored, no other project of the machine sees.</summary>
    internal string Restored => _folder.File("restored");

    internal string Library => Path.Combine(Folder, $"BiMaskGen.{Version}.nupkg");

    internal string Tool => Path.Combine(Folder, $"BiMaskGen.Tool.{Version}.nupkg");

    public void Dispose() => _folder.Dispose();

    /// <summary>Packs both packages, with one time for all files.</summary>
    internal static void Pack(string folder)
    {
        foreach (string project in new[] { "BiMaskGen.Package", "BiMaskGen.Tool" })
        {
            Processes.Run(
                BuiltFiles.Repository, "dotnet", "pack", $"runtime/{project}", "-c", BuildFacts.Configuration, "--no-build", "-o", folder,
                $"-p:Version={Version}", "-p:SOURCE_DATE_EPOCH=1700000000").Succeeded();
        }
    }

    /// <summary>The entries of a package, but for the three that every package has for itself.</summary>
    internal static string[] Entries(string package)
    {
        using ZipArchive zip = ZipFile.OpenRead(package);
        return [.. zip.Entries.Select(e => e.FullName)
            .Where(n => n is not ("[Content_Types].xml" or "_rels/.rels") && !n.EndsWith(".psmdcp", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    internal static string Text(string package, string entry)
    {
        using ZipArchive zip = ZipFile.OpenRead(package);
        using StreamReader reader = new(zip.GetEntry(entry)!.Open());
        return reader.ReadToEnd();
    }
}

/// <summary>Tests that build and run consumers share the feed, and the machine: one after the other.</summary>
[CollectionDefinition(nameof(Packages), DisableParallelization = true)]
public sealed class Packages : ICollectionFixture<PackageFeed>;
