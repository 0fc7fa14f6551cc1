using System.Runtime.InteropServices;
using unsafe Sgemm = delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>;
using unsafe Sgemv = delegate* unmanaged<int, int, int, int, float, float*, int, float*, int, float, float*, int, void>;

namespace BiMaskGen.Benchmarks.Libraries;

/// <summary>OpenBLAS' <c>cblas_sgemm</c>, and <c>cblas_sgemv</c> for one row.</summary>
internal sealed unsafe class OpenBlas : DenseLibrary
{
    // The plain name can be a build without threads or another BLAS behind the alternatives system.
    internal static readonly string[] Names =
    [
        "/usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblas.so.0", "/usr/lib/aarch64-linux-gnu/openblas-pthread/libopenblas.so.0",
        "libopenblas.so.0", "libopenblas.so", "libopenblas.dll", "libopenblas.dylib",
    ];

    private const int RowMajor = 101;
    private const int NoTranspose = 111;
    private const int Transpose = 112;

    private readonly string _path;
    private readonly string _core;
    private readonly Sgemm _multiply;
    private readonly Sgemv _matrixTimesVector;
    private readonly delegate* unmanaged<int, void> _setThreads;

    private OpenBlas(NativeExports library)
    {
        _path = library.Path;
        _multiply = (Sgemm)library.Require("cblas_sgemm");
        _matrixTimesVector = (Sgemv)library.Require("cblas_sgemv");
        _setThreads = (delegate* unmanaged<int, void>)library.Require("openblas_set_num_threads");
        var core = (delegate* unmanaged<byte*>)library.Find("openblas_get_corename");
        _core = core == null ? "unknown" : Marshal.PtrToStringUTF8((nint)core()) ?? "unknown";
    }

    internal override string Name => "OpenBLAS";

    internal override string Description => $"{_path}, core {_core}";

    internal override MatrixTimesVector ForOneRow => (n, k, w, x, y) =>
        _matrixTimesVector(RowMajor, NoTranspose, n, k, 1, w, k, x, 1, 0, y, 1);

    /// <summary>Loads it, or returns null where it is not installed.</summary>
    internal static OpenBlas? TryLoad() => NativeExports.TryLoad(Names, out NativeExports? library) ? new OpenBlas(library) : null;

    internal override void SetThreads(int threads) => _setThreads(threads);

    internal override void Multiply(bool transposeA, bool transposeB, int m, int n, int k, float* a, float* b, float* c) =>
        _multiply(
            RowMajor, Flag(transposeA), Flag(transposeB), m, n, k, 1, a, transposeA ? m : k, b, transposeB ? k : n, 0, c, n);

    private static int Flag(bool transposed) => transposed ? Transpose : NoTranspose;
}
