using System.Runtime.CompilerServices;

namespace BiMaskGen.Kernels.Cpu;

// For a few rows against an operand whose columns lie along the contraction (y = x Wᵀ with a small batch): packing would cost more than
// the product, so rows and columns are read where they lie and multiplied as dot products, 4 × 4 of them at a time: 8 loads for 16
// multiply-adds. With 16 registers it is 4 × 2. A task takes some columns and all rows, so the large operand is read once.

/// <summary>The dense product as dot products.</summary>
/// <typeparam name="TLanes">The register width.</typeparam>
/// <typeparam name="TVec">The register.</typeparam>
internal static unsafe class GemmThin<TLanes, TVec>
    where TLanes : struct, ILanes<TVec>
    where TVec : unmanaged
{
    private const int RowsPerTile = 4;

    private static int ColumnsPerTile => TLanes.Registers >= 32 ? 4 : 2;

    /// <param name="problem">The product; its B must be contiguous along the contraction.</param>
    internal static void Run(GemmProblem problem)
    {
        if (problem.ColumnA != 1)
        {
            float* rows = Scratch.Rent(Scratch.Buffer.GemmA, (long)problem.M * problem.K);
            Transposition.Run(problem.A, problem.ColumnA, problem.K, problem.M, rows, problem.K);
            problem.A = rows;
            problem.RowA = problem.K;
            problem.ColumnA = 1;
        }

        bool parallel = problem.IsParallel;
        int tasks = parallel ? 4 * CpuPool.Threads : 1;
        int columns = Math.Max(ColumnsPerTile, (int)Math.Min(((long)problem.N + tasks - 1) / tasks, 64));
        columns -= columns % ColumnsPerTile;
        Body body = new() { Problem = problem, ColumnsPerTask = columns };
        CpuPool.For((problem.N + columns - 1) / columns, body, parallel);
    }

    private struct Body : IRangeBody
    {
        public GemmProblem Problem;
        public int ColumnsPerTask;

        public readonly void Invoke(int index)
        {
            int start = index * ColumnsPerTask;
            int end = Math.Min(start + ColumnsPerTask, Problem.N);
            int column = start;
            for (; ColumnsPerTile == 4 && column <= end - 4; column += 4)
            {
                Rows<Size4>(column);
            }

            for (; column <= end - 2; column += 2)
            {
                Rows<Size2>(column);
            }

            for (; column < end; column++)
            {
                Rows<Size1>(column);
            }

            Problem.Finish<TLanes, TVec>(0, Problem.M, start, end - start);
        }

        private readonly void Rows<TColumns>(int column)
            where TColumns : struct, ISize
        {
            int row = 0;
            for (; row <= Problem.M - RowsPerTile; row += RowsPerTile)
            {
                Tile<Size4, TColumns>(row, column);
            }

            for (; row < Problem.M; row++)
            {
                Tile<Size1, TColumns>(row, column);
            }
        }

        [SkipLocalsInit]
        private readonly void Tile<TRows, TColumns>(int row, int column)
            where TRows : struct, ISize
            where TColumns : struct, ISize
        {
            float* lanes = stackalloc float[TRows.Value * TColumns.Value * TLanes.Count];
            float* a = Problem.A + (row * Problem.RowA);
            float* b = Problem.B + (column * Problem.ColumnB);
            float* c = Problem.C + (row * Problem.RowC) + (column * Problem.ColumnC);
            int whole = Problem.K - (Problem.K % TLanes.Count);
            GemmThinTile.Run<TLanes, TVec, TRows, TColumns>(whole, a, Problem.RowA, b, Problem.ColumnB, lanes);
            for (int i = 0; i < TRows.Value; i++)
            {
                for (int j = 0; j < TColumns.Value; j++)
                {
                    float sum = TLanes.Sum(TLanes.Load(lanes));
                    lanes += TLanes.Count;
                    for (int p = whole; p < Problem.K; p++)
                    {
                        sum = Lanes32.MultiplyAdd(a[(i * Problem.RowA) + p], b[(j * Problem.ColumnB) + p], sum);
                    }

                    float* entry = c + (i * Problem.RowC) + (j * Problem.ColumnC);
                    *entry = Problem.Beta == 0 ? Problem.Alpha * sum : Lanes32.MultiplyAdd(Problem.Beta, *entry, Problem.Alpha * sum);
                }
            }
        }
    }
}
