using System.Reflection;

namespace BiMaskGen.Generators.Tests.Harness;

/// <summary>Folders of the source tree that tests read from.</summary>
internal static class Folders
{
    public static string Project { get; } = Metadata("ProjectFolder");

    public static string Repository { get; } = Metadata("RepositoryRoot");

    private static string Metadata(string key) => typeof(Folders).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
