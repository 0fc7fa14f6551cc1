using System.Text.RegularExpressions;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>A native library that is used if it is there, and the names that its file may have.</summary>
internal sealed partial class LibraryName
{
    // libtorch's packages carry copies whose names have a hash of eight digits: libcusparseLt-0bb86669.so.0. A pattern that let more
    // through would take libnvrtc-builtins.so or nvrtc64_120_0.alt.dll for NVRTC.
    private readonly Regex _linux;
    private readonly Regex _windows;
    private readonly string[] _linuxNames;
    private readonly string[] _windowsNames;

    private LibraryName(string title, string use, string linux, string[] versions, string windows, string[] windowsNames)
    {
        Title = title;
        Use = use;
        _linux = new Regex($"^{linux}(-[0-9a-f]{{8}})?\\.so(\\.[0-9]+)*$", RegexOptions.CultureInvariant);
        _windows = new Regex($"^{windows}\\.dll$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
        _linuxNames = [.. versions.Select(v => $"{linux}.so.{v}"), $"{linux}.so"];
        _windowsNames = windowsNames;
    }

    /// <summary>libtorch itself.</summary>
    public static LibraryName Torch { get; } =
        new("libtorch", "threads of its own pool for the CPU kernels, if the process has loaded it", "libtorch_cpu", [], "torch_cpu", ["torch_cpu.dll"]);

    /// <summary>The part of libtorch that knows CUDA.</summary>
    public static LibraryName TorchCuda { get; } =
        new("libtorch for CUDA", "the streams of TorchSharp's CUDA tensors", "libtorch_cuda", [], "torch_cuda", ["torch_cuda.dll"]);

    /// <summary>The CUDA driver; it comes with the graphics driver, not with CUDA.</summary>
    public static LibraryName Driver { get; } = new("CUDA driver", "GPUs", "libcuda", ["1"], "nvcuda", ["nvcuda.dll"]);

    /// <summary>The run-time compiler.</summary>
    public static LibraryName Nvrtc { get; } = new(
        "NVRTC", "CUDA kernels", "libnvrtc", ["13", "12", "11.2"], "nvrtc64_[0-9]+_0", ["nvrtc64_130_0.dll", "nvrtc64_120_0.dll", "nvrtc64_112_0.dll"]);

    /// <summary>Dense products.</summary>
    public static LibraryName CublasLt { get; } = new(
        "cuBLASLt", "dense products on GPUs", "libcublasLt", ["13", "12", "11"], "cublasLt64_[0-9]+", ["cublasLt64_13.dll", "cublasLt64_12.dll", "cublasLt64_11.dll"]);

    /// <summary>Products with a 2:4 operand.</summary>
    public static LibraryName CusparseLt { get; } =
        new("cuSPARSELt", "sparse tensor cores", "libcusparseLt", ["0"], "cusparseLt(64_[0-9]+)?", ["cusparseLt.dll", "cusparseLt64_0.dll"]);

    /// <summary>All of them, those first that others may need in order to load.</summary>
    public static IReadOnlyList<LibraryName> All { get; } = [Torch, TorchCuda, Driver, Nvrtc, CublasLt, CusparseLt];

    /// <summary>What it is.</summary>
    public string Title { get; }

    /// <summary>What it is for.</summary>
    public string Use { get; }

    /// <summary>The bare names to ask the system's loader for, the newest first.</summary>
    public IReadOnlyList<string> Names => OperatingSystem.IsWindows() ? _windowsNames : _linuxNames;

    /// <summary>Whether a file of this name is the library, in whatever version and with whatever hash.</summary>
    public bool Matches(string fileName) => Matches(fileName, OperatingSystem.IsWindows());

    /// <summary>Whether a file of this name is the library on the named system.</summary>
    internal bool Matches(string fileName, bool windows) => (windows ? _windows : _linux).IsMatch(fileName);

    /// <summary>The files of a folder that are the library: plain and newest names first, hashed copies last.</summary>
    public IReadOnlyList<string> In(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder)
                .Where(f => Matches(Path.GetFileName(f)))
                .OrderBy(f => Hashed().IsMatch(f))
                .ThenByDescending(f => f, StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    [GeneratedRegex("-[0-9a-f]{8}\\.so")]
    private static partial Regex Hashed();
}
