namespace BiMaskGen.Build.Tests.Harness;

/// <summary>Where the things under test lie, beside this assembly in the artifacts folder.</summary>
internal static class Places
{
    public static string Tool => Path.Combine(BuiltFiles.Own, "bimask.dll");

    public static string Runtime => Path.Combine(BuiltFiles.Own, "BiMaskGen.Runtime.dll");

    public static string Torch => typeof(TorchSharp.torch).Assembly.Location;

    public static string Generators => BuiltFiles.Of("BiMaskGen.Generators", "BiMaskGen.Generators.dll");

    public static string Tasks => BuiltFiles.Of("BiMaskGen.Build", "BiMaskGen.Build.dll");

    /// <summary>The folder of the MSBuild files that a package ships.</summary>
    public static string BuildTransitive => Path.Combine(BuiltFiles.Repository, "runtime", "BiMaskGen.Package", "buildTransitive");
}
