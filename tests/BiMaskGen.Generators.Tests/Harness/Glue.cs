namespace BiMaskGen.Generators.Tests.Harness;

/// <summary>The files that the generator emits as they stand in its Templates folder.</summary>
internal static class Glue
{
    public static string Folder { get; } = Path.Combine(Folders.Repository, "generators", "BiMaskGen.Generators", "Templates");

    public static IReadOnlySet<string> HintNames { get; } =
        Directory.GetFiles(Folder, "*.cs").Select(file => Path.GetFileNameWithoutExtension(file) + ".g.cs").ToHashSet();
}
