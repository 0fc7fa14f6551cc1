namespace BiMaskGen.Build.Tests.Harness;

/// <summary>Where the things under test lie, beside this assembly in the artifacts folder.</summary>
internal static class Places
{
    private static readonly string s_own = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);

    public static string Tool => Path.Combine(s_own, "bimask.dll");

    public static string Runtime => Path.Combine(s_own, "BiMaskGen.Runtime.dll");

    public static string Torch => typeof(TorchSharp.torch).Assembly.Location;

    public static string Generators => Sibling("BiMaskGen.Generators", "BiMaskGen.Generators.dll");

    public static string Tasks => Sibling("BiMaskGen.Build", "BiMaskGen.Build.dll");

    /// <summary>The folder of the MSBuild files that a package ships.</summary>
    public static string BuildTransitive => Path.Combine(Repository, "runtime", "BiMaskGen.Package", "buildTransitive");

    public static string Repository
    {
        get
        {
            DirectoryInfo? folder = new(s_own);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "BiMaskGen.sln")))
            {
                folder = folder.Parent;
            }

            return folder?.FullName ?? throw new InvalidOperationException($"{s_own} is not below the repository.");
        }
    }

    // artifacts/bin/<project>/<configuration>/
    private static string Sibling(string project, string file) =>
        Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(s_own))!, project, Path.GetFileName(s_own), file);
}
