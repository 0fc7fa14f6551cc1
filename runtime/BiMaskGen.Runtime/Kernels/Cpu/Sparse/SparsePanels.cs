using System.Runtime.CompilerServices;
using BiMaskGen.Packing;

namespace BiMaskGen.Kernels.Cpu;

// For batches that fill vectors. First the inputs are transposed into panels [position][4 registers of batch], in the order of the
// contraction, so that a permutation costs no more than a copy; then blocks of (panel, rows) are computed, blocks of positions outermost,
// and transposed back. Panels of 8 registers would load less per multiply-add, but inputs and outputs then crowd each other out of
// first-level cache (measured at batch 1024: 1:16 a quarter slower, 2:4 no faster). The last panel is as narrow as the rest of the batch
// lets it be. No sum is shared out over threads.

/// <summary>The sparse product for large batches.</summary>
/// <typeparam name="TLanes">The register width.</typeparam>
/// <typeparam name="TVec">The register.</typeparam>
internal static unsafe class SparsePanels<TLanes, TVec>
    where TLanes : struct, ILanes<TVec>
    where TVec : unmanaged
{
    private const int MaxVectors = 4;

    // Outputs of a task: 64 rows × 64 of a batch are 16 KiB.
    private const int RowsPerTask = 64;

    private const int ColumnsPerTask = 128;

    // Transposed input held at a time: 512 KiB, still in second-level cache when it is read.
    private const int ChunkFloats = 1 << 17;

    private static int PanelWidth => MaxVectors * TLanes.Count;

    internal static void Run(in SparseProblem problem)
    {
        int columns = problem.A.Columns;
        bool parallel = problem.IsParallel;
        int panelsPerChunk = Math.Max(1, ChunkFloats / columns / PanelWidth);
        int panels = Ceiling(problem.Batch, PanelWidth);
        for (int panel = 0; panel < panels; panel += panelsPerChunk)
        {
            int count = Math.Min(panelsPerChunk, panels - panel);
            Chunk chunk = new() { Problem = problem, FirstPanel = panel };
            chunk.Input = Scratch.Rent(Scratch.Buffer.SparseInput, (long)count * columns * PanelWidth);
            CpuPool.For(count * Ceiling(columns, ColumnsPerTask), new PackBody { Chunk = chunk }, parallel);
            CpuPool.For(count * Ceiling(problem.A.Rows, RowsPerTask), new ComputeBody { Chunk = chunk }, parallel);
        }
    }

    private static int Ceiling(int count, int unit) => (count + unit - 1) / unit;

    private struct Chunk
    {
        public SparseProblem Problem;
        public int FirstPanel;
        public float* Input;

        public readonly int FirstBatch(int panel) => (FirstPanel + panel) * PanelWidth;

        public readonly int BatchOf(int panel) => Math.Min(PanelWidth, Problem.Batch - FirstBatch(panel));

        public readonly float* InputOf(int panel) => Input + ((nint)panel * Problem.A.Columns * PanelWidth);

        /// <summary>Registers across the panel: 1, 2 or 4.</summary>
        public readonly int VectorsOf(int panel)
        {
            int vectors = 1;
            while (vectors * TLanes.Count < BatchOf(panel))
            {
                vectors *= 2;
            }

            return vectors;
        }
    }

    private struct PackBody : IRangeBody
    {
        public Chunk Chunk;

        public readonly void Invoke(int index)
        {
            int tasks = Ceiling(Chunk.Problem.A.Columns, ColumnsPerTask);
            int panel = index / tasks;
            int first = index % tasks * ColumnsPerTask;
            int columns = Math.Min(ColumnsPerTask, Chunk.Problem.A.Columns - first);
            int batch = Chunk.BatchOf(panel);
            int width = Chunk.VectorsOf(panel) * TLanes.Count;
            float* input = Chunk.InputOf(panel);
            float* x = Chunk.Problem.X + (Chunk.FirstBatch(panel) * Chunk.Problem.StrideX) + first;
            ReadOnlySpan<int> positionOf = Chunk.Problem.A.PositionOf;
            if (positionOf.IsEmpty)
            {
                Transpose(x, batch, columns, input + ((nint)first * width), width);
            }
            else
            {
                Scatter(x, batch, positionOf.Slice(first, columns), input, width);
            }
        }

        private readonly void Transpose(float* x, int batch, int columns, float* destination, int width)
        {
            Transposition.Run(x, Chunk.Problem.StrideX, batch, columns, destination, width);

            // What lies past the batch is computed with, though never stored: leftovers might be denormal, which is slow.
            for (int c = 0; c < columns && batch < width; c++)
            {
                new Span<float>(destination + ((nint)c * width) + batch, width - batch).Clear();
            }
        }

        /// <summary>Transposes some columns at a time beside the panel and copies each to its position.</summary>
        [SkipLocalsInit]
        private readonly void Scatter(float* x, int batch, ReadOnlySpan<int> positionOf, float* input, int width)
        {
            const int columnsAtATime = 16;
            float* columns = stackalloc float[columnsAtATime * width];
            for (int first = 0; first < positionOf.Length; first += columnsAtATime)
            {
                int count = Math.Min(columnsAtATime, positionOf.Length - first);
                Transpose(x + first, batch, count, columns, width);
                for (int c = 0; c < count; c++)
                {
                    float* from = columns + (c * width);
                    float* to = input + ((nint)positionOf[first + c] * width);
                    for (int lane = 0; lane < width; lane += TLanes.Count)
                    {
                        TLanes.Store(TLanes.Load(from + lane), to + lane);
                    }
                }
            }
        }
    }

    private struct ComputeBody : IRangeBody
    {
        public Chunk Chunk;

        public readonly void Invoke(int index)
        {
            int tasks = Ceiling(Chunk.Problem.A.Rows, RowsPerTask);
            int panel = index / tasks;
            int row = index % tasks * RowsPerTask;
            switch (Chunk.VectorsOf(panel))
            {
                case 1:
                    Rows<Size1>(panel, row);
                    break;
                case 2:
                    Rows<Size2>(panel, row);
                    break;
                default:
                    Rows<Size4>(panel, row);
                    break;
            }
        }

        private readonly void Rows<TVectors>(int panel, int row)
            where TVectors : struct, ISize
        {
            PackedMatrix a = Chunk.Problem.A;
            int rows = Math.Min(RowsPerTask, a.Rows - row);
            int width = TVectors.Value * TLanes.Count;
            float* input = Chunk.InputOf(panel);
            float* outputs = Scratch.Rent(Scratch.Buffer.SparseOutput, RowsPerTask * PanelWidth);
            for (int block = 0; block < a.Blocks; block++)
            {
                float* x = input + ((nint)block * a.PositionsPerBlock * width);
                int slot = block * a.SlotsPerBlock;
                int slots = Math.Min(a.SlotsPerBlock, a.SlotsPerRow - slot);
                for (int r = 0; r < rows; r += PackedMatrix.TileRows)
                {
                    nint entry = a.EntryOf((row + r) / PackedMatrix.TileRows, slot);
                    SparsePanelBlock.Run<TLanes, TVec, TVectors>(
                        Math.Min(PackedMatrix.TileRows, rows - r),
                        slots,
                        a.Values + entry,
                        a.Indices + entry,
                        x,
                        outputs + (r * width),
                        block == 0);
                }
            }

            int firstBatch = Chunk.FirstBatch(panel);
            int batch = Chunk.BatchOf(panel);
            Transposition.Run(
                outputs, width, rows, batch, Chunk.Problem.Y + (firstBatch * Chunk.Problem.StrideY) + row, Chunk.Problem.StrideY);
            Chunk.Problem.Finish<TLanes, TVec>(firstBatch, batch, row, rows);
        }
    }
}
