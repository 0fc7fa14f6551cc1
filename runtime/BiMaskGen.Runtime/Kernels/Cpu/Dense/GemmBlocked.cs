using System.Runtime.CompilerServices;

namespace BiMaskGen.Kernels.Cpu;

// Loop order, outermost first: chunks of columns (so that the packed B stays bounded), then in parallel blocks of C, then blocks of the
// contraction, strips of B, panels of A (a block's panels stay in the second-level cache), the tile. B is packed once per chunk, by all
// threads, before any block is computed, unless each strip serves one block only. An A stored [m, k] is read where it lies.
// The contraction is never split among threads and tiles lie at fixed places, so the result does not depend on the number of threads.

/// <summary>The dense product through packed operands and register tiles.</summary>
/// <typeparam name="TLanes">The register width.</typeparam>
/// <typeparam name="TVec">The register.</typeparam>
internal static unsafe class GemmBlocked<TLanes, TVec>
    where TLanes : struct, ILanes<TVec>
    where TVec : unmanaged
{
    // A tile's sums leave its registers once in so many steps. Its strip of B, 96 KiB then, streams from the second level.
    private const int StepsPerBlock = 512;

    // A block of C and what it needs of A for one block of steps fit a second-level cache of 1 MiB, with room for two strips of B.
    private const int RowsPerBlock = 192;
    private const int ColumnsPerBlock = 1008;

    // Threads that share blocks even out; below the least height a block would read a strip of B for too few rows.
    private const int BlocksPerThread = 4;
    private const int LeastRowsPerBlock = 64;

    // Floats of one packed operand held at a time: 8 MiB.
    private const int ChunkFloats = 1 << 21;

    // An operand of up to 256 KiB stays in the second level however it lies: it is not packed. Larger ones stay there by chance, which
    // pays for fewer rows than it takes to make up for packing, and the more so where the packed form would go from core to core.
    private const int SmallFloats = 1 << 16;
    private const int MediumFloats = 3 << 16;
    private const int LargeFloats = 1 << 18;
    private const int FewRows = 1024;
    private const int FewStrips = 4;

    // Rows of a larger B read in place lie pages apart: so many of them as span 512 KiB, or 64, are few enough for the TLB and for the
    // sets of the caches to hold them from one panel to the next.
    private const int StridedFloats = 1 << 17;
    private const int LeastSteps = 64;

    // What one task packs: few enough steps that their pages stay in the TLB from one strip to the next.
    private const int PackSteps = 128;
    private const int StripsPerPack = 16;

    private static int PanelRows => GemmBlock<TLanes, TVec>.PanelRows;

    private static int StripColumns => GemmChunk<TLanes, TVec>.StripColumns;

    /// <param name="problem">The product.</param>
    /// <param name="direct">Whether strips of B are read where they lie (B's columns are adjacent) instead of packed.</param>
    internal static void Run(in GemmProblem problem, bool direct)
    {
        bool inPlaceA = ReadsAInPlace(problem);
        bool inPlaceB = direct || ReadsBInPlace(problem);
        int most = inPlaceB ? problem.N : Math.Max(8, ChunkFloats / problem.K / StripColumns) * StripColumns;
        int chunks = Ceiling(problem.N, most);
        int columns = Ceiling(Ceiling(problem.N, chunks), StripColumns) * StripColumns;
        for (int column = 0; column < problem.N; column += columns)
        {
            GemmChunk<TLanes, TVec> chunk = new()
            {
                Problem = problem,
                Column = column,
                Columns = Math.Min(columns, problem.N - column),
                InPlace = inPlaceB,
                MaxSteps = direct && (long)problem.K * problem.RowB > LargeFloats
                    ? (int)Math.Clamp(StridedFloats / problem.RowB, LeastSteps, StepsPerBlock)
                    : StepsPerBlock,
            };
            bool packInBlock = !inPlaceB && problem.M <= 2 * RowsPerBlock && chunk.PackedFloats <= 2 * SmallFloats;
            if (!packInBlock)
            {
                chunk.Packed = Scratch.Rent(Scratch.Buffer.GemmB, chunk.PackedFloats);
                Pack(chunk);
            }

            Compute(chunk, inPlaceA, packInBlock);
        }
    }

    /// <summary>Along the contraction always; across it where A stays in the second level or is read once or a few times.</summary>
    private static bool ReadsAInPlace(in GemmProblem problem)
    {
        long floats = (long)problem.M * problem.K;
        int most = problem.N <= FewStrips * StripColumns ? LargeFloats : SmallFloats;
        return problem.ColumnA == 1 || (problem.RowA == 1 && (problem.N <= StripColumns || floats <= most));
    }

    /// <summary>Where B stays in the second level and no register of it straddles two cache lines.</summary>
    private static bool ReadsBInPlace(in GemmProblem problem)
    {
        bool shared = problem.IsParallel && CpuPool.Threads > 1;
        int most = problem.M > FewRows ? SmallFloats : shared ? LargeFloats : MediumFloats;
        return problem.ColumnB == 1
            && (long)problem.N * problem.K <= most
            && problem.RowB % Prefetch.Line == 0
            && (nuint)problem.B % (Prefetch.Line * sizeof(float)) == 0;
    }

    private static void Pack(in GemmChunk<TLanes, TVec> chunk)
    {
        PackBody pack = new() { Chunk = chunk, StepBlocks = Ceiling(chunk.Problem.K, PackSteps) };
        CpuPool.For(pack.StepBlocks * Ceiling(chunk.Strips, StripsPerPack), pack, chunk.Problem.IsParallel && !chunk.InPlace);
    }

    private static void Compute(in GemmChunk<TLanes, TVec> chunk, bool inPlaceA, bool packInBlock)
    {
        // Equal blocks, smaller where the threads would else have too few to share; as many down the rows as the threads can share evenly.
        bool parallel = chunk.Problem.IsParallel;
        int threads = parallel ? CpuPool.Threads : 1;
        int wanted = threads > 1 ? BlocksPerThread * threads : 1;
        int panels = Ceiling(chunk.Problem.M, PanelRows);
        int strips = chunk.Strips;
        int down = Math.Max(Ceiling(panels, RowsPerBlock / PanelRows), Math.Min(wanted, Ceiling(panels, LeastRowsPerBlock / PanelRows)));
        down = packInBlock ? 1 : down > threads ? Math.Min(panels, Ceiling(down, threads) * threads) : down;
        int across = Math.Max(Ceiling(strips, ColumnsPerBlock / StripColumns), Math.Min(strips, Ceiling(wanted, down)));
        ComputeBody compute = new() { Chunk = chunk, InPlaceA = inPlaceA, PackInBlock = packInBlock };
        compute.PanelsPerBlock = Ceiling(panels, down);
        compute.StripsPerBlock = Ceiling(strips, across);
        compute.BlockColumns = Ceiling(strips, compute.StripsPerBlock);
        CpuPool.For(Ceiling(panels, compute.PanelsPerBlock) * compute.BlockColumns, compute, parallel);
    }

    private static int Ceiling(int count, int unit) => (count + unit - 1) / unit;

    private struct PackBody : IRangeBody
    {
        public GemmChunk<TLanes, TVec> Chunk;
        public int StepBlocks;

        public readonly void Invoke(int index)
        {
            int step = index % StepBlocks * PackSteps;
            int steps = Math.Min(PackSteps, Chunk.Problem.K - step);
            int strip = index / StepBlocks * StripsPerPack;
            int end = Math.Min(strip + StripsPerPack, Chunk.Strips);
            for (; strip < end; strip++)
            {
                Chunk.Pack(strip, step, steps);
            }
        }
    }

    private struct ComputeBody : IRangeBody
    {
        public GemmChunk<TLanes, TVec> Chunk;
        public bool InPlaceA;

        /// <summary>Whether a block packs its own strips, which no other reads: passing a small B from core to core costs more.</summary>
        public bool PackInBlock;
        public int PanelsPerBlock;
        public int StripsPerBlock;
        public int BlockColumns;

        [SkipLocalsInit]
        public readonly void Invoke(int index)
        {
            float* edge = stackalloc float[2 * PanelRows * StripColumns];
            int k = Chunk.Problem.K;
            int steps = Ceiling(k, Ceiling(k, Chunk.MaxSteps));
            int row = index / BlockColumns * PanelsPerBlock * PanelRows;
            int strip = index % BlockColumns * StripsPerBlock;
            GemmBlock<TLanes, TVec> block = new()
            {
                Chunk = Chunk,
                Row = row,
                Rows = Math.Min(PanelsPerBlock * PanelRows, Chunk.Problem.M - row),
                FirstStrip = strip,
                EndStrip = Math.Min(strip + StripsPerBlock, Chunk.Strips),
                InPlace = InPlaceA,
                Edge = edge,
            };
            block.Packed = Scratch.Rent(
                Scratch.Buffer.GemmA, GemmBlock<TLanes, TVec>.PackedFloats(InPlaceA ? PanelRows : block.Rows, steps));
            if (PackInBlock)
            {
                block.Chunk.Packed = Scratch.Rent(Scratch.Buffer.GemmB, Chunk.PackedFloats);
                for (int i = strip; i < block.EndStrip; i++)
                {
                    block.Chunk.Pack(i, 0, k);
                }
            }

            for (int step = 0; step < k; step += steps)
            {
                block.Run(step, Math.Min(steps, k - step));
            }

            int column = Chunk.StripStart(strip);
            Chunk.Problem.Finish<TLanes, TVec>(row, block.Rows, Chunk.Column + column, Chunk.StripStart(block.EndStrip) - column);
        }
    }
}
