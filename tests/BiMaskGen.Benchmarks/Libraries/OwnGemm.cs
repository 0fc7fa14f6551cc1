using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Benchmarks.Libraries;

/// <summary>The runtime's own dense product.</summary>
internal sealed unsafe class OwnGemm : DenseLibrary
{
    internal override string Name => "own";

    internal override string Description => "the runtime's Gemm";

    internal override void SetThreads(int threads) => CpuPool.Threads = threads;

    internal override void Multiply(bool transposeA, bool transposeB, int m, int n, int k, float* a, float* b, float* c) =>
        Gemm.Multiply(transposeA, transposeB, m, n, k, 1, a, transposeA ? m : k, b, transposeB ? k : n, 0, c, n);
}
