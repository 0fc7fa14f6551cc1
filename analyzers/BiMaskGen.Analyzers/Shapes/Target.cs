using System;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BiMaskGen.Analyzers.Shapes;

/// <summary>What the project says it runs on by the MSBuild property BiMaskTarget: "cpu", "cuda", or nothing.</summary>
internal readonly record struct Target(string Name)
{
    /// <summary>Tensor cores do not matter.</summary>
    public bool IsCpu => Name.Equals("cpu", StringComparison.OrdinalIgnoreCase);

    /// <summary>Tensor cores are what it is about.</summary>
    public bool IsCuda => Name.Equals("cuda", StringComparison.OrdinalIgnoreCase);

    public static Target Of(AnalyzerOptions options) =>
        new(options.AnalyzerConfigOptionsProvider.GlobalOptions.TryGetValue("build_property.BiMaskTarget", out string? name) ? name.Trim() : "");
}
