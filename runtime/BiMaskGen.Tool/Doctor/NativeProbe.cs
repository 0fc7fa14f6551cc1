using System.Diagnostics;
using System.Runtime.InteropServices;

namespace BiMaskGen.Tool.Doctor;

/// <summary>A native library that was looked for.</summary>
/// <param name="Library">What it is.</param>
/// <param name="Use">What it would be for.</param>
/// <param name="Found">The file that was loaded, or null.</param>
/// <param name="Tried">Every name and path that was tried, in order.</param>
internal sealed record NativeResult(string Library, string Use, string? Found, IReadOnlyList<string> Tried);

/// <summary>Looks for native libraries where the system does, and where Python and NuGet packages put them.</summary>
internal static class NativeProbe
{
    private static readonly (string Library, string Use, string[] Linux, string[] Windows)[] s_libraries =
    [
        ("libtorch", "threads of its own pool for the CPU kernels, if the process has loaded it", ["libtorch_cpu.so"], ["torch_cpu.dll"]),
        ("CUDA driver", "GPUs", ["libcuda.so.1", "libcuda.so"], ["nvcuda.dll"]),
        ("NVRTC", "CUDA kernels", ["libnvrtc.so.12", "libnvrtc.so"], ["nvrtc64_120_0.dll"]),
        ("cuBLASLt", "dense products on GPUs", ["libcublasLt.so.12", "libcublasLt.so"], ["cublasLt64_12.dll"]),
        ("cuSPARSELt", "sparse tensor cores", ["libcusparseLt.so.0", "libcusparseLt.so"], ["cusparseLt.dll"]),
    ];

    /// <summary>Looks for all libraries.</summary>
    public static IReadOnlyList<NativeResult> Run()
    {
        string[] folders = [.. Folders().Where(Directory.Exists)];
        return [.. s_libraries.Select(l => Look(l.Library, l.Use, OperatingSystem.IsWindows() ? l.Windows : l.Linux, folders))];
    }

    private static NativeResult Look(string library, string use, string[] names, string[] folders)
    {
        List<string> tried = [];
        foreach (string path in names.Concat(folders.SelectMany(folder => names.Select(name => Path.Combine(folder, name)))))
        {
            tried.Add(path);
            if ((!Path.IsPathRooted(path) || File.Exists(path)) && NativeLibrary.TryLoad(path, out nint handle))
            {
                string found = LoadedAs(Path.GetFileName(path)) ?? path;
                NativeLibrary.Free(handle);
                return new NativeResult(library, use, found, tried);
            }
        }

        return new NativeResult(library, use, null, tried);
    }

    // The loader knows where it found a bare name.
    private static string? LoadedAs(string name)
    {
        string stem = name.Split('.')[0];
        using Process process = Process.GetCurrentProcess();
        return process.Modules.Cast<ProcessModule>().Select(m => m.FileName)
            .FirstOrDefault(f => Path.GetFileName(f).Split('.')[0].Equals(stem, StringComparison.OrdinalIgnoreCase));
    }

    private static IEnumerable<string> Folders()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string runtime = OperatingSystem.IsWindows() ? "win-x64" : "linux-x64";
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(home, ".nuget", "packages");
        IEnumerable<string> nuget = Found(packages, "libtorch-*").SelectMany(p => Found(p, "*")).Select(v => Path.Combine(v, "runtimes", runtime, "native"));
        IEnumerable<string> python = new[] { Path.Combine(home, ".local", "lib"), "/usr/local/lib", "/usr/lib" }
            .SelectMany(lib => Found(lib, "python3*"))
            .SelectMany(p => new[] { Path.Combine(p, "site-packages"), Path.Combine(p, "dist-packages") })
            .SelectMany(s => Found(Path.Combine(s, "nvidia"), "*").Select(n => Path.Combine(n, "lib")).Prepend(Path.Combine(s, "torch", "lib")));
        return [AppContext.BaseDirectory, .. nuget, .. python, "/usr/local/cuda/lib64"];
    }

    private static string[] Found(string folder, string pattern)
    {
        try
        {
            return Directory.Exists(folder) ? [.. Directory.GetDirectories(folder, pattern).Order(StringComparer.Ordinal)] : [];
        }
        catch (UnauthorizedAccessException)
        {
            return [];
        }
    }
}
