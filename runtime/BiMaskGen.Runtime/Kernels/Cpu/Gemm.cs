namespace BiMaskGen.Kernels.Cpu;

/// <summary>The one dense matrix product of the runtime: weight gradients, masked dense fallback, and the stand-in's matmul.</summary>
public static unsafe class Gemm
{
    // Up to so many rows it costs less to read the large operand where it lies than to pack it: where its columns are adjacent the tile
    // does that, where they lie along the contraction dot products do, if it is long enough to make up for adding their lanes (measured).
    private const int MaxDirectRows = 64;
    private const int MaxDotRows = 32;
    private const int StepsPerDotRow = 8;

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
        bool transposeA, bool transposeB, int m, int n, int k, float alpha, float* a, int lda, float* b, int ldb,
        float beta, float* c, int ldc) =>
        Multiply(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, default);

    /// <summary>C = activation(alpha op(A) op(B) + beta C + bias), row-major, single precision.</summary>
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
    /// <param name="epilogue">Bias along the columns of C, activation, and where the value before the activation goes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, or a leading dimension is shorter than its row.</exception>
    public static void Multiply(
        bool transposeA, bool transposeB, int m, int n, int k, float alpha, float* a, int lda, float* b, int ldb,
        float beta, float* c, int ldc,
        in Epilogue epilogue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(m);
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        if (m == 0 || n == 0)
        {
            return;
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(ldc, n);
        if (k > 0)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(lda, transposeA ? m : k);
            ArgumentOutOfRangeException.ThrowIfLessThan(ldb, transposeB ? k : n);
        }

        Call call = new()
        {
            Problem = new()
            {
                M = m,
                N = n,
                K = k,
                Alpha = alpha,
                Beta = beta,
                A = a,
                RowA = transposeA ? 1 : lda,
                ColumnA = transposeA ? lda : 1,
                B = b,
                RowB = transposeB ? 1 : ldb,
                ColumnB = transposeB ? ldb : 1,
                C = c,
                RowC = ldc,
                ColumnC = 1,
                Epilogue = epilogue,
            },
        };
        VectorWidth.Dispatch(ref call);
    }

    /// <summary>
    /// <paramref name="batch"/> products of equal shape, the operands of one <c>stride</c> entries after those of the one before (0 uses
    /// the same operand for all), shared out over the threads.
    /// </summary>
    /// <param name="transposeA">op(A) = Aᵀ: each A is stored [k, m].</param>
    /// <param name="transposeB">op(B) = Bᵀ: each B is stored [n, k].</param>
    /// <param name="batch">Number of products.</param>
    /// <param name="m">Rows of op(A) and C.</param>
    /// <param name="n">Columns of op(B) and C.</param>
    /// <param name="k">The contraction.</param>
    /// <param name="alpha">Scale of the products.</param>
    /// <param name="a">The first A.</param>
    /// <param name="lda">Entries from one stored row of A to the next.</param>
    /// <param name="strideA">Entries from one A to the next.</param>
    /// <param name="b">The first B.</param>
    /// <param name="ldb">Entries from one stored row of B to the next.</param>
    /// <param name="strideB">Entries from one B to the next.</param>
    /// <param name="beta">Scale of what C holds; 0 ignores it, NaN included.</param>
    /// <param name="c">The first C; no two may overlap.</param>
    /// <param name="ldc">Entries from one row of C to the next.</param>
    /// <param name="strideC">Entries from one C to the next.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, or a stride shorter than a row.</exception>
    public static void MultiplyBatched(
        bool transposeA,
        bool transposeB,
        int batch,
        int m,
        int n,
        int k,
        float alpha,
        float* a,
        int lda,
        long strideA,
        float* b,
        int ldb,
        long strideB,
        float beta,
        float* c,
        int ldc,
        long strideC)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        Batch body = new()
        {
            TransposeA = transposeA,
            TransposeB = transposeB,
            M = m,
            N = n,
            K = k,
            Alpha = alpha,
            A = a,
            Lda = lda,
            StrideA = strideA,
            B = b,
            Ldb = ldb,
            StrideB = strideB,
            Beta = beta,
            C = c,
            Ldc = ldc,
            StrideC = strideC,
        };

        // Fewer products than threads: one after the other, each on all threads.
        bool parallel = batch >= CpuPool.Threads && (long)batch * m * n * k >= 1 << 19;
        CpuPool.For(batch, body, parallel);
    }

    private struct Call : IWidthBody
    {
        public GemmProblem Problem;

        public readonly void Run<TLanes, TVec>()
            where TLanes : struct, ILanes<TVec>
            where TVec : unmanaged
        {
            GemmProblem swapped = Problem.Swap();

            // A narrow C leaves lanes of its tiles empty; that of Cᵀ does not.
            bool swap = Problem.N < Problem.M
                && ((Problem.N < TLanes.Count && SuitsDots(swapped)) || (Problem.N <= TLanes.Count && SuitsDirect(swapped)));
            GemmProblem problem = swap ? swapped : Problem;
            if (problem.K == 0)
            {
                Scale(problem);
                problem.Finish<TLanes, TVec>(0, problem.M, 0, problem.N);
            }
            else if (SuitsDots(problem))
            {
                GemmThin<TLanes, TVec>.Run(problem);
            }
            else
            {
                GemmBlocked<TLanes, TVec>.Run(problem, direct: SuitsDirect(problem));
            }
        }

        private static bool SuitsDots(in GemmProblem problem) =>
            problem.RowB == 1 && problem.M <= MaxDotRows && problem.K >= StepsPerDotRow * problem.M;

        private static bool SuitsDirect(in GemmProblem problem) => problem.ColumnB == 1 && problem.M <= MaxDirectRows;

        private static void Scale(in GemmProblem problem)
        {
            for (int i = 0; i < problem.M; i++)
            {
                for (int j = 0; j < problem.N; j++)
                {
                    float* entry = problem.C + (i * problem.RowC) + (j * problem.ColumnC);
                    *entry = problem.Beta == 0 ? 0 : problem.Beta * *entry;
                }
            }
        }
    }

    private struct Batch : IRangeBody
    {
        public bool TransposeA;
        public bool TransposeB;
        public int M;
        public int N;
        public int K;
        public float Alpha;
        public float* A;
        public int Lda;
        public long StrideA;
        public float* B;
        public int Ldb;
        public long StrideB;
        public float Beta;
        public float* C;
        public int Ldc;
        public long StrideC;

        public readonly void Invoke(int index) =>
            Multiply(
                TransposeA,
                TransposeB,
                M,
                N,
                K,
                Alpha,
                A + (index * StrideA),
                Lda,
                B + (index * StrideB),
                Ldb,
                Beta,
                C + (index * StrideC),
                Ldc);
    }
}
