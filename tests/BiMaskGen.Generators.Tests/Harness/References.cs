using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Tests.Harness;

/// <summary>What a user's project references: the running framework, torch and the runtime.</summary>
internal static class References
{
    public static IReadOnlyList<MetadataReference> Framework { get; } = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Where(path => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location))
        .Select(path => MetadataReference.CreateFromFile(path))];

    public static MetadataReference Runtime { get; } = MetadataReference.CreateFromFile(typeof(NMSparseAttribute).Assembly.Location);

    public static MetadataReference Torch { get; } = MetadataReference.CreateFromFile(typeof(TorchSharp.torch).Assembly.Location);

    public static IReadOnlyList<MetadataReference> All { get; } = [.. Framework, Runtime, Torch];
}
