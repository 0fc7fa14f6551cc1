using System.Runtime.CompilerServices;

namespace BiMaskGen.Kernels.Cpu;

// A task takes a strip of columns and all rows, so no sum depends on the number of threads. 32 rows at a time are added in float, these
// partial sums in double: the error stays that of 32 additions, however long the batch is.

/// <summary>Sums over the batch, for the gradient of a bias.</summary>
public static unsafe class ColumnSums
{
    private const int RowsPerPart = 32;
    private const int ColumnsPerTask = 64;

    /// <summary>sums[c] = Σ_r matrix[r, c].</summary>
    /// <param name="matrix">The matrix, row-major.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="stride">Entries from one row to the next.</param>
    /// <param name="sums">One sum per column.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, or the stride shorter than a row.</exception>
    public static void Compute(float* matrix, int rows, int columns, int stride, float* sums)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, columns);
        Call call = new() { Matrix = matrix, Rows = rows, Columns = columns, Stride = stride, Sums = sums };
        VectorWidth.Dispatch(ref call);
    }

    private struct Call : IWidthBody
    {
        public float* Matrix;
        public int Rows;
        public int Columns;
        public nint Stride;
        public float* Sums;

        public readonly void Run<TLanes, TVec>()
            where TLanes : struct, ILanes<TVec>
            where TVec : unmanaged
        {
            int tasks = (Columns + ColumnsPerTask - 1) / ColumnsPerTask;
            CpuPool.For(tasks, new Body<TLanes, TVec> { Call = this }, parallel: (long)Rows * Columns >= 1 << 16);
        }
    }

    private struct Body<TLanes, TVec> : IRangeBody
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
    {
        public Call Call;

        [SkipLocalsInit]
        public readonly void Invoke(int index)
        {
            float* part = stackalloc float[ColumnsPerTask];
            double* total = stackalloc double[ColumnsPerTask];
            int first = index * ColumnsPerTask;
            int columns = Math.Min(ColumnsPerTask, Call.Columns - first);
            int whole = columns - (columns % TLanes.Count);
            new Span<double>(total, columns).Clear();
            for (int row = 0; row < Call.Rows; row += RowsPerPart)
            {
                float* matrix = Call.Matrix + (row * Call.Stride) + first;
                int rows = Math.Min(RowsPerPart, Call.Rows - row);
                Part<TLanes, TVec>(matrix, rows, 0, whole, part);
                Part<Lanes32, float>(matrix, rows, whole, columns, part);
                for (int c = 0; c < columns; c++)
                {
                    total[c] += part[c];
                }
            }

            for (int c = 0; c < columns; c++)
            {
                Call.Sums[first + c] = (float)total[c];
            }
        }

        private readonly void Part<TPartLanes, TPartVec>(float* matrix, int rows, int start, int end, float* part)
            where TPartLanes : struct, ILanes<TPartVec>
            where TPartVec : unmanaged
        {
            for (int c = start; c < end; c += TPartLanes.Count)
            {
                TPartVec sum = TPartLanes.Load(matrix + c);
                for (int r = 1; r < rows; r++)
                {
                    sum = TPartLanes.Add(sum, TPartLanes.Load(matrix + (r * Call.Stride) + c));
                }

                TPartLanes.Store(sum, part + c);
            }
        }
    }
}
