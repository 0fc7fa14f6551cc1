namespace BiMaskGen.Benchmarks.Compiling;

/// <summary>What the SDK passes to the compiler for every project of its target framework: its analyzers at their default level, and the framework's generators.</summary>
/// <param name="Assemblies">Analyzers and generators.</param>
/// <param name="Options">The default severities.</param>
internal sealed record SdkAnalyzers(string[] Assemblies, string[] Options)
{
    /// <summary>Finds them where SDKs have them.</summary>
    /// <param name="sdkFolder">The SDK, with its version.</param>
    /// <exception cref="DirectoryNotFoundException">The SDK is built otherwise.</exception>
    internal static SdkAnalyzers Find(string sdkFolder)
    {
        string analyzers = Path.Combine(sdkFolder, "Sdks", "Microsoft.NET.Sdk", "analyzers");
        string packs = Path.Combine(sdkFolder, "..", "..", "packs", "Microsoft.NETCore.App.Ref");
        string framework = Directory.GetDirectories(packs, $"{Environment.Version.Major}.*").Order(StringComparer.Ordinal).Last();
        return new SdkAnalyzers(
            [
                Path.Combine(analyzers, "Microsoft.CodeAnalysis.CSharp.NetAnalyzers.dll"),
                Path.Combine(analyzers, "Microsoft.CodeAnalysis.NetAnalyzers.dll"),
                .. Directory.GetFiles(Path.Combine(framework, "analyzers", "dotnet", "cs"), "*.dll").Order(StringComparer.Ordinal),
            ],
            [$"-analyzerconfig:\"{Path.Combine(analyzers, "build", "config", $"analysislevel_{Environment.Version.Major}_default.globalconfig")}\""]);
    }
}
