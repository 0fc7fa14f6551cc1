namespace BiMaskGen.Kernels.Cuda;

/// <summary>A folder that may hold native libraries, and why it is looked at.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Place">What kind of place it is.</param>
internal readonly record struct LibraryFolder(string Path, string Place);

/// <summary>The folders in which CUDA's libraries are looked for, in the order in which they are.</summary>
internal static class LibraryFolders
{
    /// <summary>The environment variable that names folders to look at first.</summary>
    public const string Variable = "BIMASK_CUDA_PATH";

    private static readonly string s_runtime = OperatingSystem.IsWindows() ? "win-x64" : "linux-x64";

    /// <summary>The folders that the variable names.</summary>
    public static IEnumerable<LibraryFolder> Explicit(string? value) =>
        (value ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(f => new LibraryFolder(f, Variable));

    /// <summary>Where TorchSharp's packages put libtorch: beside the program, where the host looks, and in NuGet's folder.</summary>
    public static IEnumerable<LibraryFolder> Torch()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(home, ".nuget", "packages");
        string hosted = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        IEnumerable<string> folders =
        [
            AppContext.BaseDirectory,
            Path.Combine(AppContext.BaseDirectory, "runtimes", s_runtime, "native"),
            .. hosted.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
            .. Folders(packages, "libtorch-*").SelectMany(p => Folders(p, "*")).Select(v => Path.Combine(v, "runtimes", s_runtime, "native")),
        ];
        return folders.Select(f => new LibraryFolder(Path.TrimEndingDirectorySeparator(f), "TorchSharp")).Distinct();
    }

    /// <summary>Where CUDA itself is installed, beside what the system's loader finds by name.</summary>
    public static IEnumerable<LibraryFolder> System()
    {
        string part = OperatingSystem.IsWindows() ? "bin" : "lib64";

        // /usr/local/nvidia is where container runtimes mount the driver.
        IEnumerable<string> roots =
        [
            .. new[] { "CUDA_PATH", "CUDA_HOME" }.Select(Environment.GetEnvironmentVariable).OfType<string>().Where(p => p.Length > 0),
            .. OperatingSystem.IsWindows() ? [] : Folders("/usr/local", "cuda*").Reverse().Append("/usr/local/nvidia"),
        ];
        return roots.Select(r => new LibraryFolder(Path.Combine(r, part), "system")).Distinct();
    }

    /// <summary>Where pip puts NVIDIA's wheels and PyTorch.</summary>
    public static IEnumerable<LibraryFolder> Pip()
    {
        string part = OperatingSystem.IsWindows() ? "bin" : "lib";
        return Sites().Distinct()
            .SelectMany(s => Folders(Path.Combine(s, "nvidia"), "*").Select(n => Path.Combine(n, part)).Append(Path.Combine(s, "torch", "lib")))
            .Select(f => new LibraryFolder(f, "pip"));
    }

    private static IEnumerable<string> Sites()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        IEnumerable<string> prefixes =
        [
            .. new[] { "VIRTUAL_ENV", "CONDA_PREFIX" }.Select(Environment.GetEnvironmentVariable).OfType<string>().Where(p => p.Length > 0),
            .. Pythons().Select(p => Path.GetDirectoryName(Path.GetDirectoryName(p))).OfType<string>(),
            Path.Combine(home, ".local"), "/usr/local", "/usr",
        ];
        return prefixes.SelectMany(prefix => OperatingSystem.IsWindows()
            ? [Path.Combine(prefix, "Lib", "site-packages")]
            : Folders(Path.Combine(prefix, "lib"), "python3*").SelectMany(p => new[] { Path.Combine(p, "site-packages"), Path.Combine(p, "dist-packages") }));
    }

    // An environment is often entered by its python alone, so that no variable tells of it. Of a link both ends count: a virtual
    // environment's python links to the one it was made with.
    private static IEnumerable<string> Pythons()
    {
        string name = OperatingSystem.IsWindows() ? "python.exe" : "python3";
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            FileInfo python = new(Path.Combine(folder, name));
            if (python.Exists)
            {
                yield return python.FullName;
                if (python.LinkTarget is { } target)
                {
                    yield return Path.GetFullPath(target, folder);
                }
            }
        }
    }

    private static string[] Folders(string folder, string pattern)
    {
        try
        {
            return Directory.Exists(folder) ? [.. Directory.GetDirectories(folder, pattern).Order(StringComparer.Ordinal)] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
