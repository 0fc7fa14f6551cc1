using BiMaskGen.Packing;

namespace BiMaskGen.Kernels.Cpu;

// For batches that fill vectors. First the inputs are brought into panels [column][registers of batch], then blocks of (panel, chunk of
// rows) are computed, blocks of the contraction outermost, and brought to where they belong. The last panel is as narrow as the rest of
// the batch lets it be. No sum is shared out over threads.

/// <summary>The sparse product for large batches.</summary>
/// <typeparam name="TLanes">The register width.</typeparam>
/// <typeparam name="TVec">The register.</typeparam>
internal static unsafe class SparseQuads<TLanes, TVec>
    where TLanes : struct, ILanes<TVec>
    where TVec : unmanaged
{
    private const int ColumnsPerTask = 128;

    // Transposed input held at a time: 256 KiB for each thread, still in second-level cache when it is read.
    private const int ChunkFloats = 1 << 16;

    /// <summary>Registers across a panel: 4 rows of accumulators, 4 weights and an input must fit the registers.</summary>
    private static int Vectors => TLanes.Registers >= 32 ? 4 : 2;

    internal static void Run<TPanels>(in TPanels problem, QuadStream stream)
        where TPanels : struct, IPanels
    {
        int width = Vectors * TLanes.Count;
        bool parallel = problem.IsParallel;
        int panels = Ceiling(problem.Batch, width);
        int threads = parallel ? CpuPool.Threads : 1;
        int atATime = threads * Math.Max(1, ChunkFloats / stream.Columns / width);
        for (int panel = 0; panel < panels; panel += atATime)
        {
            int count = Math.Min(atATime, panels - panel);
            Part<TPanels> part = new() { Problem = problem, Stream = stream, FirstPanel = panel, Panels = count, PanelWidth = width };
            part.Input = Scratch.Rent(Scratch.Buffer.SparseInput, (long)count * stream.Columns * width);
            CpuPool.For(count * Ceiling(stream.Columns, ColumnsPerTask), new ReadBody<TPanels> { Part = part }, parallel);
            CpuPool.For(count * stream.Chunks, new ComputeBody<TPanels> { Part = part }, parallel);
        }
    }

    private static int Ceiling(int count, int unit) => (count + unit - 1) / unit;

    private struct Part<TPanels>
        where TPanels : struct, IPanels
    {
        public TPanels Problem;
        public QuadStream Stream;
        public int FirstPanel;
        public int Panels;
        public int PanelWidth;
        public float* Input;

        public readonly int FirstBatch(int panel) => (FirstPanel + panel) * PanelWidth;

        public readonly int BatchOf(int panel) => Math.Min(PanelWidth, Problem.Batch - FirstBatch(panel));

        public readonly float* InputOf(int panel) => Input + ((nint)panel * Stream.Columns * PanelWidth);

        /// <summary>Registers across the panel: 1, 2 or 4.</summary>
        public readonly int VectorsOf(int panel)
        {
            int needed = Ceiling(BatchOf(panel), TLanes.Count);
            return needed <= 2 ? needed : 4;
        }
    }

    private struct ReadBody<TPanels> : IRangeBody
        where TPanels : struct, IPanels
    {
        public Part<TPanels> Part;

        public readonly void Invoke(int index)
        {
            int tasks = Ceiling(Part.Stream.Columns, ColumnsPerTask);
            int panel = index / tasks;
            int first = index % tasks * ColumnsPerTask;
            int columns = Math.Min(ColumnsPerTask, Part.Stream.Columns - first);
            int batch = Part.BatchOf(panel);
            int width = Part.VectorsOf(panel) * TLanes.Count;
            float* input = Part.InputOf(panel) + ((nint)first * width);
            Part.Problem.Read(Part.FirstBatch(panel), batch, first, columns, input, width);

            // What lies past the batch is computed with, though never stored: leftovers might be denormal, which is slow.
            for (int c = 0; c < columns && batch < width; c++)
            {
                new Span<float>(input + ((nint)c * width) + batch, width - batch).Clear();
            }
        }
    }

    private struct ComputeBody<TPanels> : IRangeBody
        where TPanels : struct, IPanels
    {
        public Part<TPanels> Part;

        public readonly void Invoke(int index)
        {
            int chunk = index / Part.Panels;
            int panel = index % Part.Panels;
            switch (Part.VectorsOf(panel))
            {
                case 1:
                    Rows<Size1>(panel, chunk);
                    break;
                case 2:
                    Rows<Size2>(panel, chunk);
                    break;
                default:
                    Rows<Size4>(panel, chunk);
                    break;
            }
        }

        private readonly void Rows<TVectors>(int panel, int chunk)
            where TVectors : struct, ISize
        {
            QuadStream stream = Part.Stream;
            int width = TVectors.Value * TLanes.Count;
            int tiles = stream.TilesOf(chunk);
            int row = stream.FirstTile(chunk) * QuadStream.TileRows;
            int rows = Math.Min(tiles * QuadStream.TileRows, stream.Rows - row);
            int firstBatch = Part.FirstBatch(panel);
            int batch = Part.BatchOf(panel);
            float* outputs = Scratch.Rent(Scratch.Buffer.SparseOutput, (long)tiles * QuadStream.TileRows * width);
            float* weights = stream.WeightsOf(chunk);
            byte* positions = stream.PositionsOf(chunk);
            byte* counts = stream.CountsOf(chunk);
            float* input = Part.InputOf(panel);
            for (int block = 0; block < stream.Blocks; block++)
            {
                float* x = input + ((nint)block * QuadStream.Block * width);
                SparseQuadBlock.Run<TLanes, TVec, TVectors>(tiles, counts, ref weights, ref positions, x, outputs, block == 0);
                counts += tiles * QuadStream.CountBytes;
            }

            Part.Problem.Write<TLanes, TVec>(firstBatch, batch, row, rows, outputs, width);
        }
    }
}
