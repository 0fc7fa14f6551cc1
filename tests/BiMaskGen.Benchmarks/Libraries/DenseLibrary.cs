namespace BiMaskGen.Benchmarks.Libraries;

/// <summary>A dense single-precision product, row-major.</summary>
internal abstract unsafe class DenseLibrary
{
    /// <summary>Its name in tables and files.</summary>
    internal abstract string Name { get; }

    /// <summary>What was loaded, for the head of the output.</summary>
    internal abstract string Description { get; }

    /// <summary>How many threads its products use from now on.</summary>
    internal abstract void SetThreads(int threads);

    /// <summary>C = op(A) op(B), op(A) [m, k] and op(B) [k, n]; rows without gaps.</summary>
    internal abstract void Multiply(bool transposeA, bool transposeB, int m, int n, int k, float* a, float* b, float* c);

    /// <summary>y = W x where the library has a call of its own for one row, W [n, k]; null otherwise.</summary>
    internal virtual MatrixTimesVector? ForOneRow => null;

    internal unsafe delegate void MatrixTimesVector(int n, int k, float* w, float* x, float* y);
}
