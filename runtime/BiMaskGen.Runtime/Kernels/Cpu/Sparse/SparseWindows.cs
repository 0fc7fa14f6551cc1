using System.Runtime.CompilerServices;
using BiMaskGen.Packing;

namespace BiMaskGen.Kernels.Cpu;

// For batches too small to fill vectors, vectors run over the rows of a tile instead. A register holds a window of consecutive inputs of
// one batch entry, as many whole groups as fit; for each slot of the window the indices of 16 rows pick their inputs from it by one
// permutation, which takes the low bits of the packed indices as they are. Weights and indices are read once for up to 8 batch entries.
// The bound is one permutation per multiply-add. Needs M to divide the register.

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
    /// <summary>Whether whole groups fill a register.</summary>
    internal static bool Fits => TLanes.Count % TPattern.M == 0;

    private static int SlotsPerWindow => TLanes.Count / TPattern.M * TPattern.N;

    private static int MaxBatch => TLanes.Registers >= 32 ? 8 : 4;

    internal static void Run(in SparseProblem problem)
    {
        PackedMatrix a = problem.A;
        int windows = (a.Groups * TPattern.M + TLanes.Count - 1) / TLanes.Count;
        Body body = new() { Problem = problem, StrideInput = (nint)windows * TLanes.Count };
        body.Input = Scratch.Rent(Scratch.Buffer.SparseInput, problem.Batch * body.StrideInput);
        for (int b = 0; b < problem.Batch; b++)
        {
            Gather(problem.X + (b * problem.StrideX), a, body.Input + (b * body.StrideInput), (int)body.StrideInput);
        }

        bool parallel = problem.IsParallel;
        body.TilesPerTask = parallel ? Math.Clamp(a.Tiles / (4 * CpuPool.Threads), 1, 8) : a.Tiles;
        CpuPool.For((a.Tiles + body.TilesPerTask - 1) / body.TilesPerTask, body, parallel);
    }

    /// <summary>One input in the order of the contraction, followed by zeros up to a whole window.</summary>
    private static void Gather(float* x, PackedMatrix a, float* input, int length)
    {
        ReadOnlySpan<int> order = a.ColumnOrder;
        if (order.IsEmpty)
        {
            new ReadOnlySpan<float>(x, a.Columns).CopyTo(new Span<float>(input, a.Columns));
        }
        else
        {
            for (int p = 0; p < order.Length; p++)
            {
                input[p] = x[order[p]];
            }
        }

        new Span<float>(input + a.Columns, length - a.Columns).Clear();
    }

    private struct Body : IRangeBody
    {
        public SparseProblem Problem;
        public float* Input;
        public nint StrideInput;
        public int TilesPerTask;

        public readonly void Invoke(int index)
        {
            int first = index * TilesPerTask;
            int end = Math.Min(first + TilesPerTask, Problem.A.Tiles);
            for (int tile = first; tile < end; tile++)
            {
                for (int lane = 0; lane < PackedMatrix.TileRows; lane += TLanes.Count)
                {
                    if ((tile * PackedMatrix.TileRows) + lane < Problem.A.Rows)
                    {
                        Rows(tile, lane);
                    }
                }
            }

            int row = first * PackedMatrix.TileRows;
            Problem.Finish<TLanes, TVec>(0, Problem.Batch, row, Math.Min(end * PackedMatrix.TileRows, Problem.A.Rows) - row);
        }

        private readonly void Rows(int tile, int lane)
        {
            int b = 0;
            for (; MaxBatch == 8 && b <= Problem.Batch - 8; b += 8)
            {
                Entries<Size8>(tile, lane, b);
            }

            for (; b <= Problem.Batch - 4; b += 4)
            {
                Entries<Size4>(tile, lane, b);
            }

            for (; b <= Problem.Batch - 2; b += 2)
            {
                Entries<Size2>(tile, lane, b);
            }

            if (b < Problem.Batch)
            {
                Entries<Size1>(tile, lane, b);
            }
        }

        [SkipLocalsInit]
        private readonly void Entries<TBatch>(int tile, int lane, int batch)
            where TBatch : struct, ISize
        {
            PackedMatrix a = Problem.A;
            int row = (tile * PackedMatrix.TileRows) + lane;
            int rows = Math.Min(TLanes.Count, a.Rows - row);
            nint entry = a.EntryOf(tile, 0) + lane;
            float* x = Input + (batch * StrideInput);
            float* y = Problem.Y + (batch * Problem.StrideY) + row;
            if (rows == TLanes.Count)
            {
                SparseWindowTile.Run<TLanes, TVec, TWindow, TBatch>(
                    a.SlotsPerRow, SlotsPerWindow, a.Values + entry, a.Indices + entry, x, StrideInput, y, Problem.StrideY);
                return;
            }

            float* whole = stackalloc float[TBatch.Value * TLanes.Count];
            SparseWindowTile.Run<TLanes, TVec, TWindow, TBatch>(
                a.SlotsPerRow, SlotsPerWindow, a.Values + entry, a.Indices + entry, x, StrideInput, whole, TLanes.Count);
            for (int b = 0; b < TBatch.Value; b++)
            {
                new Span<float>(whole + (b * TLanes.Count), rows).CopyTo(new Span<float>(y + (b * Problem.StrideY), rows));
            }
        }
    }
}
