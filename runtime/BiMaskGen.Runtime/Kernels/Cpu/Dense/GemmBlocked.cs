using System.Runtime.CompilerServices;

namespace BiMaskGen.Kernels.Cpu;

// Loop order, outermost first: chunks of columns and rows (so that packed operands stay bounded), then in parallel blocks of C, then
// blocks of the contraction, strips of B (one stays in L1 for a block of the contraction), panels of A (they come from L2), the tile.
// Both operands are packed once, by all threads, before any block is computed. The contraction is never split among threads and tiles
// lie at fixed places, so the result does not depend on the number of threads.

/// <summary>The dense product through packed operands and register tiles.</summary>
/// <typeparam name="TLanes">The register width.</typeparam>
/// <typeparam name="TVec">The register.</typeparam>
internal static unsafe class GemmBlocked<TLanes, TVec>
    where TLanes : struct, ILanes<TVec>
    where TVec : unmanaged
{
    // 256 steps × 32 columns × 4 bytes = 32 KiB of B in L1.
    private const int StepsPerBlock = 256;

    // Floats of one packed operand held at a time: 8 MiB.
    private const int ChunkFloats = 1 << 21;

    private const int PackTaskFloats = 1 << 14;

    private static int PanelRows => TLanes.Registers >= 32 ? 12 : 6;

    private static int StripColumns => 2 * TLanes.Count;

    /// <param name="problem">The product.</param>
    /// <param name="direct">Whether whole strips of B are read where they lie (B's columns are adjacent) instead of packed.</param>
    internal static void Run(in GemmProblem problem, bool direct)
    {
        int chunkRows = ChunkLength(problem.K, PanelRows);
        int chunkColumns = ChunkLength(problem.K, StripColumns);
        for (int column = 0; column < problem.N; column += chunkColumns)
        {
            for (int row = 0; row < problem.M; row += chunkRows)
            {
                Chunk chunk = new()
                {
                    Problem = problem,
                    Row = row,
                    Rows = Math.Min(chunkRows, problem.M - row),
                    Column = column,
                    Columns = Math.Min(chunkColumns, problem.N - column),
                    Direct = direct,
                };
                chunk.PackedA = Scratch.Rent(Scratch.Buffer.GemmA, (long)RoundUp(chunk.Rows, PanelRows) * problem.K);
                chunk.PackedB = Scratch.Rent(
                    Scratch.Buffer.GemmB, direct ? (long)StripColumns * problem.K : (long)RoundUp(chunk.Columns, StripColumns) * problem.K);
                RunChunk(chunk, packA: column == 0 || chunk.Rows < problem.M, packB: row == 0);
            }
        }
    }

    private static void RunChunk(in Chunk chunk, bool packA, bool packB)
    {
        bool parallel = chunk.Problem.IsParallel;
        int panels = Ceiling(chunk.Rows, PanelRows);
        int strips = Ceiling(chunk.Columns, StripColumns);
        PackBody pack = new() { Chunk = chunk };
        pack.PanelsPerTask = PackedPerTask(chunk.Problem.K, PanelRows);
        pack.StripsPerTask = PackedPerTask(chunk.Problem.K, StripColumns);
        pack.PanelTasks = packA ? Ceiling(panels, pack.PanelsPerTask) : 0;
        CpuPool.For(pack.PanelTasks + (packB ? Ceiling(strips, pack.StripsPerTask) : 0), pack, parallel);

        // 192 rows × 256 columns of C and what they need of A and B for one block of steps fit a second-level cache of 1 MiB;
        // smaller blocks only where the threads would else have nothing to share.
        ComputeBody compute = new() { Chunk = chunk, PanelsPerBlock = 192 / PanelRows, StripsPerBlock = Math.Max(1, 256 / StripColumns) };
        int wanted = parallel ? 3 * CpuPool.Threads : 1;
        while (Ceiling(panels, compute.PanelsPerBlock) * Ceiling(strips, compute.StripsPerBlock) < wanted)
        {
            int rows = Math.Min(panels, compute.PanelsPerBlock) * PanelRows;
            int columns = Math.Min(strips, compute.StripsPerBlock) * StripColumns;
            if (rows >= columns && rows > 2 * PanelRows)
            {
                compute.PanelsPerBlock = Ceiling(Math.Min(panels, compute.PanelsPerBlock), 2);
            }
            else if (columns > 2 * StripColumns)
            {
                compute.StripsPerBlock = Ceiling(Math.Min(strips, compute.StripsPerBlock), 2);
            }
            else
            {
                break;
            }
        }

        compute.BlockColumns = Ceiling(strips, compute.StripsPerBlock);
        CpuPool.For(Ceiling(panels, compute.PanelsPerBlock) * compute.BlockColumns, compute, parallel);
    }

    private static int PackedPerTask(int k, int width) => Math.Max(1, PackTaskFloats / (int)Math.Min((long)k * width, PackTaskFloats));

    private static int ChunkLength(int k, int unit) => Math.Max(8, ChunkFloats / k / unit) * unit;

    private static int Ceiling(int count, int unit) => (count + unit - 1) / unit;

    private static int RoundUp(int count, int unit) => Ceiling(count, unit) * unit;

    /// <summary>The part of C that one filling of the packed operands serves.</summary>
    private struct Chunk
    {
        public GemmProblem Problem;
        public int Row;
        public int Rows;
        public int Column;
        public int Columns;
        public bool Direct;
        public float* PackedA;
        public float* PackedB;

        public readonly void PackPanel(int panel)
        {
            int row = panel * PanelRows;
            int rows = Math.Min(PanelRows, Rows - row);
            GemmPacking.Pack(
                Problem.A + ((Row + row) * Problem.RowA),
                Problem.RowA,
                Problem.ColumnA,
                rows,
                GemmTileChoice.Height(rows),
                Problem.K,
                PackedA + ((nint)row * Problem.K));
        }

        public readonly void PackStrip(int strip)
        {
            int column = strip * StripColumns;
            int columns = Math.Min(StripColumns, Columns - column);
            if (Direct && columns == StripColumns)
            {
                return;
            }

            GemmPacking.Pack(
                Problem.B + ((Column + column) * Problem.ColumnB),
                Problem.ColumnB,
                Problem.RowB,
                columns,
                Width(columns),
                Problem.K,
                PackedB + (Direct ? 0 : (nint)column * Problem.K));
        }

        /// <summary>Computes one tile over steps [step, step + steps) of the contraction.</summary>
        public readonly void Tile(int panel, int strip, int step, int steps, float* edge)
        {
            int row = panel * PanelRows;
            int rows = Math.Min(PanelRows, Rows - row);
            int height = GemmTileChoice.Height(rows);
            int column = strip * StripColumns;
            int columns = Math.Min(StripColumns, Columns - column);
            int width = Width(columns);
            bool inPlace = Direct && columns == StripColumns;
            float* a = PackedA + ((nint)row * Problem.K) + ((nint)step * height);
            nint strideB = inPlace ? Problem.RowB : width;
            float* b = inPlace
                ? Problem.B + (Column + column) + (step * strideB)
                : PackedB + (Direct ? 0 : (nint)column * Problem.K) + (step * strideB);
            float beta = step == 0 ? Problem.Beta : 1;
            float* c = Problem.C + ((Row + row) * Problem.RowC) + ((Column + column) * Problem.ColumnC);
            if (rows == height && columns == width && Problem.ColumnC == 1)
            {
                GemmTileChoice.Run<TLanes, TVec>(height, width, steps, a, b, strideB, Problem.Alpha, beta, c, Problem.RowC);
                return;
            }

            GemmTileChoice.Run<TLanes, TVec>(height, width, steps, a, b, strideB, Problem.Alpha, 0, edge, width);
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    float* entry = c + (i * Problem.RowC) + (j * Problem.ColumnC);
                    float product = edge[(i * width) + j];
                    *entry = beta == 0 ? product : Lanes32.MultiplyAdd(beta, *entry, product);
                }
            }
        }

        private static int Width(int columns) => columns <= TLanes.Count ? TLanes.Count : StripColumns;
    }

    private struct PackBody : IRangeBody
    {
        public Chunk Chunk;
        public int PanelTasks;
        public int PanelsPerTask;
        public int StripsPerTask;

        public readonly void Invoke(int index)
        {
            if (index < PanelTasks)
            {
                int end = Math.Min((index + 1) * PanelsPerTask, Ceiling(Chunk.Rows, PanelRows));
                for (int panel = index * PanelsPerTask; panel < end; panel++)
                {
                    Chunk.PackPanel(panel);
                }
            }
            else
            {
                int end = Math.Min((index - PanelTasks + 1) * StripsPerTask, Ceiling(Chunk.Columns, StripColumns));
                for (int strip = (index - PanelTasks) * StripsPerTask; strip < end; strip++)
                {
                    Chunk.PackStrip(strip);
                }
            }
        }
    }

    private struct ComputeBody : IRangeBody
    {
        public Chunk Chunk;
        public int PanelsPerBlock;
        public int StripsPerBlock;
        public int BlockColumns;

        [SkipLocalsInit]
        public readonly void Invoke(int index)
        {
            float* edge = stackalloc float[PanelRows * StripColumns];
            int panel0 = index / BlockColumns * PanelsPerBlock;
            int panel1 = Math.Min(panel0 + PanelsPerBlock, Ceiling(Chunk.Rows, PanelRows));
            int strip0 = index % BlockColumns * StripsPerBlock;
            int strip1 = Math.Min(strip0 + StripsPerBlock, Ceiling(Chunk.Columns, StripColumns));
            int k = Chunk.Problem.K;
            int steps = Ceiling(k, Ceiling(k, StepsPerBlock));
            for (int step = 0; step < k; step += steps)
            {
                for (int strip = strip0; strip < strip1; strip++)
                {
                    for (int panel = panel0; panel < panel1; panel++)
                    {
                        Chunk.Tile(panel, strip, step, Math.Min(steps, k - step), edge);
                    }
                }
            }

            int row = panel0 * PanelRows;
            int column = strip0 * StripColumns;
            Chunk.Problem.Finish<TLanes, TVec>(
                Chunk.Row + row,
                Math.Min(panel1 * PanelRows, Chunk.Rows) - row,
                Chunk.Column + column,
                Math.Min(strip1 * StripColumns, Chunk.Columns) - column);
        }
    }
}
