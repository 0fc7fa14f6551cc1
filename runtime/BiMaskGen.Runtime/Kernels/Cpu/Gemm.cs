namespace BiMaskGen.Kernels.Cpu;

/// <summary>The one dense matrix product of the runtime: weight gradients, masked dense fallback, and the stand-in's matmul.</summary>
public static unsafe class Gemm
{
    /// <summary>C = alpha op(A) op(B) + beta C, row-major, single precision.</summary>
    /// <param name="transposeA">op(A) = Aᵀ: A is stored [k, m].</param>
    /// <param name="transposeB">op(B) = Bᵀ: B is stored [n, k].</param>
    /// <param name="m">Rows of op(A) and C.</param>
    /// <param name="n">Columns of op(B) and C.</param>
    /// <param name="k">The contraction.</param>
    /// <param name="alpha">Scale of the product.</param>
    /// <param name="a">A.</param>
    /// <param name="lda">Entries from one stored row of A to the next.</param>
    /// <param name="b">B.</param>
    /// <param name="ldb">Entries from one stored row of B to the next.</param>
    /// <param name="beta">Scale of what C holds; 0 ignores it, NaN included.</param>
    /// <param name="c">C.</param>
    /// <param name="ldc">Entries from one row of C to the next.</param>
    public static void Multiply(
        bool transposeA, bool transposeB, int m, int n, int k, float alpha, float* a, int lda, float* b, int ldb, float beta, float* c, int ldc)
    {
        for (long i = 0; i < m; i++)
        {
            for (long j = 0; j < n; j++)
            {
                float sum = 0;
                for (long p = 0; p < k; p++)
                {
                    sum += (transposeA ? a[(p * lda) + i] : a[(i * lda) + p]) * (transposeB ? b[(j * ldb) + p] : b[(p * ldb) + j]);
                }

                c[(i * ldc) + j] = (alpha * sum) + (beta == 0 ? 0 : beta * c[(i * ldc) + j]);
            }
        }
    }
}
