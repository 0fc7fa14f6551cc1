using System.Reflection;

namespace BiMaskGen.Package.Tests.Harness;

/// <summary>What the build of this project knew.</summary>
internal static class BuildFacts
{
    public static string Configuration => Metadata("Configuration");

    public static string BiMaskTorch => Metadata("BiMaskTorch");

    public static string BiMaskTorchPath => Metadata("BiMaskTorchPath");

    private static string Metadata(string key) =>
        typeof(BuildFacts).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value ?? "";
}
