using System.Globalization;
using unsafe Sgemm = delegate* unmanaged<
    byte, byte, long, long, long, float, float*, long, float*, long, float, float*, long, int>;

namespace BiMaskGen.Benchmarks.Libraries;

/// <summary>oneDNN's <c>dnnl_sgemm</c>, the product that torch uses on most CPUs; its threads are those of OpenMP.</summary>
internal sealed unsafe class OneDnn : DenseLibrary
{
    internal static readonly string[] Names = ["libdnnl.so.3", "libdnnl.so.2", "libdnnl.so", "dnnl.dll", "libdnnl.dylib"];

    private static readonly string[] s_openMp = ["libgomp.so.1", "libomp.so.5", "libomp.so", "libomp140.x86_64.dll", "libomp.dylib"];

    private readonly string _path;
    private readonly string _isa;
    private readonly Sgemm _multiply;
    private readonly delegate* unmanaged<int, void> _setThreads;

    private OneDnn(NativeExports library, NativeExports openMp)
    {
        _path = library.Path;
        _multiply = (Sgemm)library.Require("dnnl_sgemm");
        _setThreads = (delegate* unmanaged<int, void>)openMp.Require("omp_set_num_threads");
        var isa = (delegate* unmanaged<int>)library.Find("dnnl_get_effective_cpu_isa");
        _isa = isa == null ? "unknown" : string.Create(CultureInfo.InvariantCulture, $"0x{isa():x}");
    }

    internal override string Name => "oneDNN";

    internal override string Description => $"{_path}, effective ISA mask {_isa}";

    /// <summary>Loads it, or returns null where it or its OpenMP is not installed.</summary>
    internal static OneDnn? TryLoad() =>
        NativeExports.TryLoad(Names, out NativeExports? library) && NativeExports.TryLoad(s_openMp, out NativeExports? openMp)
            ? new OneDnn(library, openMp)
            : null;

    internal override void SetThreads(int threads) => _setThreads(threads);

    internal override void Multiply(bool transposeA, bool transposeB, int m, int n, int k, float* a, float* b, float* c)
    {
        int status = _multiply(Letter(transposeA), Letter(transposeB), m, n, k, 1, a, transposeA ? m : k, b, transposeB ? k : n, 0, c, n);
        if (status != 0)
        {
            throw new InvalidOperationException($"dnnl_sgemm failed with status {status} for {m} x {n} x {k}.");
        }
    }

    private static byte Letter(bool transposed) => (byte)(transposed ? 'T' : 'N');
}
