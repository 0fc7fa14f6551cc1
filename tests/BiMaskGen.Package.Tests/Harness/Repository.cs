using System.Reflection;

namespace BiMaskGen.Package.Tests.Harness;

/// <summary>What the build of this project knew.</summary>
internal static class Repository
{
    public static string Folder { get; } = Path.GetFullPath(Metadata("Repository"));

    public static string Configuration => Metadata("Configuration");

    public static string BiMaskTorch => Metadata("BiMaskTorch");

    public static string BiMaskTorchPath => Metadata("BiMaskTorchPath");

    /// <summary>A built file of a project.</summary>
    public static string Built(string project, string file) =>
        Path.Combine(Folder, "artifacts", "bin", project, Configuration.ToLowerInvariant(), file);

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value ?? "";
}
