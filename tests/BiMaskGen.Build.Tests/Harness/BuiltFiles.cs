namespace BiMaskGen.Build.Tests.Harness;

/// <summary>Where the repository lies and what its projects are built to, found from this assembly in the artifacts folder.</summary>
internal static class BuiltFiles
{
    /// <summary>The folder of the running tests.</summary>
    public static string Own { get; } = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);

    /// <summary>The folder with the solution.</summary>
    public static string Repository
    {
        get
        {
            DirectoryInfo? folder = new(Own);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "BiMaskGen.sln")))
            {
                folder = folder.Parent;
            }

            return folder?.FullName ?? throw new InvalidOperationException($"{Own} is not below the repository.");
        }
    }

    /// <summary>A file of another project, of the configuration that the tests are built in.</summary>
    public static string Of(string project, string file) =>
        // artifacts/bin/<project>/<configuration>/
        Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(Own))!, project, Path.GetFileName(Own), file);
}
