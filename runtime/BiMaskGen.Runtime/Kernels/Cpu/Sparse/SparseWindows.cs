using System.Numerics;
using System.Runtime.CompilerServices;
using BiMaskGen.Packing;

namespace BiMaskGen.Kernels.Cpu;

// Vectors run over the rows of a tile. A register holds a group of inputs of one batch entry; for each slot of the group the indices of the
// rows pick their inputs from it by one permutation, which takes the low bits of the packed indices as they are. Weights and indices are
// read once for up to 8 batch entries, nothing is transposed, and outputs stay in registers over the whole contraction. The bound is one
// permutation per multiply-add.

/// <summary>The sparse product for small batches.</summary>
/// <typeparam name="TPattern">The pattern.</typeparam>
/// <typeparam name="TLanes">The register width.</typeparam>
/// <typeparam name="TVec">The register.</typeparam>
/// <typeparam name="TWindow">Its permutation.</typeparam>
internal static unsafe class SparseWindows<TPattern, TLanes, TVec, TWindow>
    where TPattern : struct, INMPattern
    where TLanes : struct, ILanes<TVec>
    where TVec : unmanaged
    where TWindow : struct, IWindow<TVec>
{
    /// <summary>Whether a group fits a register, and its indices a word.</summary>
    internal static bool Fits => TPattern.M <= TWindow.MaxGroup && PackedGroups.GroupsPerWordOf<TPattern>() > 0;

    private static int MaxBatch => TLanes.Registers >= 32 ? 8 : 4;

    internal static void Run(in SparseProblem problem, PackedGroups matrix)
    {
        Body body = new() { Problem = problem, Matrix = matrix, Input = problem.X, StrideInput = problem.StrideX };
        bool parallel = problem.IsParallel;
        int columns = problem.A.Columns;
        if (problem.A.IsPermuted || columns % TPattern.M != 0 || !BitOperations.IsPow2(TPattern.M))
        {
            // Room for a whole register after the last group.
            body.StrideInput = ((nint)matrix.Groups * TPattern.M) + TLanes.Count;
            body.Input = Scratch.Rent(Scratch.Buffer.SparseInput, problem.Batch * body.StrideInput);
            CpuPool.For(problem.Batch, new GatherBody { Body = body }, parallel);
        }

        body.TilesPerTask = parallel ? Math.Clamp(matrix.Tiles / (4 * CpuPool.Threads), 1, 8) : matrix.Tiles;
        CpuPool.For((matrix.Tiles + body.TilesPerTask - 1) / body.TilesPerTask, body, parallel);
    }

    /// <summary>One input in the order of the contraction, followed by zeros.</summary>
    private struct GatherBody : IRangeBody
    {
        public Body Body;

        public readonly void Invoke(int batch)
        {
            float* x = Body.Problem.X + (batch * Body.Problem.StrideX);
            int columns = Body.Problem.A.Columns;
            Span<float> input = new(Body.Input + (batch * Body.StrideInput), (int)Body.StrideInput);
            ReadOnlySpan<int> order = Body.Problem.A.ColumnOrder;
            if (order.IsEmpty)
            {
                new ReadOnlySpan<float>(x, columns).CopyTo(input);
            }
            else
            {
                for (int p = 0; p < order.Length; p++)
                {
                    input[p] = x[order[p]];
                }
            }

            input[columns..].Clear();
        }
    }

    private struct Body : IRangeBody
    {
        public SparseProblem Problem;
        public PackedGroups Matrix;
        public float* Input;
        public nint StrideInput;
        public int TilesPerTask;

        public readonly void Invoke(int index)
        {
            int first = index * TilesPerTask;
            int end = Math.Min(first + TilesPerTask, Matrix.Tiles);
            for (int tile = first; tile < end; tile++)
            {
                for (int lane = 0; lane < PackedGroups.TileRows; lane += 2 * TLanes.Count)
                {
                    if ((tile * PackedGroups.TileRows) + lane < Problem.A.Rows)
                    {
                        Rows(tile, lane);
                    }
                }
            }

            int row = first * PackedGroups.TileRows;
            Problem.Finish<TLanes, TVec>(0, Problem.Batch, row, Math.Min(end * PackedGroups.TileRows, Problem.A.Rows) - row);
        }

        private readonly void Rows(int tile, int lane)
        {
            int b = 0, end = Problem.Batch;
            for (; MaxBatch == 8 && b <= end - 8; b += 8)
            {
                Entries<Size8>(tile, lane, b);
            }

            for (; b <= end - 4; b += 4)
            {
                Entries<Size4>(tile, lane, b);
            }

            for (; b <= end - 2; b += 2)
            {
                Entries<Size2>(tile, lane, b);
            }

            if (b < end)
            {
                Entries<Size1>(tile, lane, b);
            }
        }

        [SkipLocalsInit]
        private readonly void Entries<TBatch>(int tile, int lane, int batch)
            where TBatch : struct, ISize
        {
            int row = (tile * PackedGroups.TileRows) + lane;
            int rows = Math.Min(2 * TLanes.Count, Problem.A.Rows - row);
            float* values = Matrix.Values + Matrix.ValueOf(tile, 0) + lane;
            uint* words = Matrix.Words + Matrix.WordOf(tile, 0) + lane;
            float* x = Input + (batch * StrideInput);
            float* y = Problem.Y + (batch * Problem.StrideY) + row;
            if (rows == 2 * TLanes.Count)
            {
                SparseWindowTile.Run<TPattern, TLanes, TVec, TWindow, TBatch>(Matrix.Groups, values, words, x, StrideInput, y, Problem.StrideY);
                return;
            }

            float* whole = stackalloc float[TBatch.Value * 2 * TLanes.Count];
            SparseWindowTile.Run<TPattern, TLanes, TVec, TWindow, TBatch>(Matrix.Groups, values, words, x, StrideInput, whole, 2 * TLanes.Count);
            for (int b = 0; b < TBatch.Value; b++)
            {
                new Span<float>(whole + (b * 2 * TLanes.Count), rows).CopyTo(new Span<float>(y + (b * Problem.StrideY), rows));
            }
        }
    }
}
