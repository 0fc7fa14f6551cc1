using BiMaskGen.Benchmarks.Machine;

namespace BiMaskGen.Benchmarks.Libraries;

/// <summary>What the sparse products are compared with: the libraries that are installed, and our own dense product.</summary>
internal sealed class DenseLibraries
{
    private DenseLibraries(OneDnn? oneDnn, OpenBlas? openBlas)
    {
        OneDnn = oneDnn;
        Installed = [.. new DenseLibrary?[] { oneDnn, openBlas }.OfType<DenseLibrary>()];
        Findings =
        [
            $"oneDNN:   {oneDnn?.Description ?? $"not found ({string.Join(", ", OneDnnNames)}): every row is void"}",
            $"OpenBLAS: {openBlas?.Description ?? $"not found ({string.Join(", ", OpenBlas.Names)})"}",
        ];
    }

    /// <summary>Without it a row is void.</summary>
    internal OneDnn? OneDnn { get; }

    /// <summary>The libraries that were found.</summary>
    internal IReadOnlyList<DenseLibrary> Installed { get; }

    internal OwnGemm Own { get; } = new();

    internal IReadOnlyList<DenseLibrary> All => [.. Installed, Own];

    /// <summary>One line per library: where it was found, or where it was looked for.</summary>
    internal IReadOnlyList<string> Findings { get; }

    private static string[] OneDnnNames => Libraries.OneDnn.Names;

    /// <summary>Loads what is there. Before any thread is pinned: the libraries size their pools by the CPUs they see.</summary>
    internal static DenseLibraries Load()
    {
        Isa.PrepareLibraries();
        return new DenseLibraries(Libraries.OneDnn.TryLoad(), OpenBlas.TryLoad());
    }

    /// <summary>The same number of threads for all, on as many CPUs.</summary>
    internal void UseThreads(int threads)
    {
        foreach (DenseLibrary library in All)
        {
            library.SetThreads(threads);
        }

        Cpus.Pin(threads);
    }
}
