namespace BiMaskGen.Kernels.Cpu;

/// <summary>A dense product with every transposition turned into strides: C[i, j] = alpha Σ_p A[i, p] B[p, j] + beta C[i, j].</summary>
internal unsafe struct GemmProblem
{
    public int M;
    public int N;
    public int K;
    public float Alpha;
    public float Beta;
    public float* A;
    public nint RowA;
    public nint ColumnA;
    public float* B;
    public nint RowB;
    public nint ColumnB;
    public float* C;
    public nint RowC;
    public nint ColumnC;

    /// <summary>Whether this is the problem of Cᵀ: rows here are columns of the caller's C.</summary>
    public bool Swapped;

    public Epilogue Epilogue;

    /// <summary>Whether the work is worth a second thread: below, waking one costs as much as it saves.</summary>
    public readonly bool IsParallel => (long)M * N * K >= 1 << 19;

    /// <summary>Cᵀ = Bᵀ Aᵀ: exchanges the roles of rows and columns.</summary>
    public readonly GemmProblem Swap() => this with
    {
        M = N,
        N = M,
        A = B,
        RowA = ColumnB,
        ColumnA = RowB,
        B = A,
        RowB = ColumnA,
        ColumnB = RowA,
        RowC = ColumnC,
        ColumnC = RowC,
        Swapped = !Swapped,
    };

    /// <summary>Applies the epilogue to a finished block of C. Bias runs along the columns of the caller's C.</summary>
    public readonly void Finish<TLanes, TVec>(int row, int rows, int column, int columns)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
    {
        if (Swapped)
        {
            EpilogueRows.Apply<TLanes, TVec>(C, ColumnC, column, columns, row, rows, Epilogue);
        }
        else
        {
            EpilogueRows.Apply<TLanes, TVec>(C, RowC, row, rows, column, columns, Epilogue);
        }
    }
}
