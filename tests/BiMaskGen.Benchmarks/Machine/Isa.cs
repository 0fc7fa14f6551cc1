using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Benchmarks.Machine;

/// <summary>The instruction set that the kernels of this process run at, and how the libraries are held to the same.</summary>
internal static class Isa
{
    internal static readonly string[] Required = ["avx2", "avx512", "none"];

    internal static string Name => VectorWidth.Bits switch
    {
        512 => "avx512",
        256 => "avx2",
        128 => "vector128",
        _ => "none",
    };

    /// <exception cref="InvalidDataException">The process runs at another instruction set.</exception>
    internal static void Require(string? isa)
    {
        if (isa is not null && isa != Name)
        {
            throw new InvalidDataException(
                $"--require-isa {isa}: the process runs at {Name}. DOTNET_EnableAVX512=0 gives avx2, DOTNET_EnableHWIntrinsic=0 none.");
        }
    }

    /// <summary>
    /// Before any library is loaded: no more than AVX2 for them where our kernels have no more, and threads that go to sleep about a
    /// millisecond after a product instead of tens: in a row of several threads they would take the CPUs of the contender that follows.
    /// Within a burst they still stay awake. What the user has set stays.
    /// </summary>
    internal static void PrepareLibraries()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        Set("GOMP_SPINCOUNT", "20000");
        Set("OPENBLAS_THREAD_TIMEOUT", "21");
        if (VectorWidth.Bits < 512)
        {
            Set("DNNL_MAX_CPU_ISA", "AVX2");
            Set("ONEDNN_MAX_CPU_ISA", "AVX2");
            Set("OPENBLAS_CORETYPE", "Haswell");
        }
    }

    private static void Set(string name, string value) => _ = Libc.SetEnvironment(name, value, overwrite: 0);
}
