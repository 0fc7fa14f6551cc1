namespace BiMaskGen.Kernels.Cpu;

// For products whose vectors run over the batch. First the inputs are brought into panels [column][registers of batch], then blocks of
// (panel, chunk of rows) are computed and brought to where they belong. The last panel is as narrow as the rest of the batch lets it be.
// No sum is shared out over threads.

/// <summary>The sparse product with vectors over the batch, whatever layout the matrix has.</summary>
/// <typeparam name="TLanes">The register width.</typeparam>
/// <typeparam name="TVec">The register.</typeparam>
internal static unsafe class SparsePanels<TLanes, TVec>
    where TLanes : struct, ILanes<TVec>
    where TVec : unmanaged
{
    private const int ColumnsPerTask = 128;

    // Transposed input held at a time: 256 KiB for each thread, still in second-level cache when it is read.
    private const int ChunkFloats = 1 << 16;

    /// <summary>Registers across a panel: 4 rows of accumulators, 4 weights and an input must fit the registers.</summary>
    private static int Vectors => TLanes.Registers >= 32 ? 4 : 2;

    internal static void Run<TPanels, TRows>(in TPanels problem, in TRows matrix)
        where TPanels : struct, IPanels
        where TRows : struct, IPanelRows
    {
        int width = Vectors * TLanes.Count;
        bool parallel = problem.IsParallel;
        int panels = Ceiling(problem.Batch, width);
        int threads = parallel ? CpuPool.Threads : 1;
        int atATime = threads * Math.Max(1, ChunkFloats / matrix.Columns / width);
        for (int panel = 0; panel < panels; panel += atATime)
        {
            int count = Math.Min(atATime, panels - panel);
            Part<TPanels, TRows> part = new() { Problem = problem, Matrix = matrix, FirstPanel = panel, Panels = count, PanelWidth = width };
            part.Input = Scratch.Rent(Scratch.Buffer.SparseInput, (long)count * matrix.Columns * width);
            CpuPool.For(count * Ceiling(matrix.Columns, ColumnsPerTask), new ReadBody<TPanels, TRows> { Part = part }, parallel);
            CpuPool.For(count * matrix.Chunks, new ComputeBody<TPanels, TRows> { Part = part }, parallel);
        }
    }

    private static int Ceiling(int count, int unit) => (count + unit - 1) / unit;

    private struct Part<TPanels, TRows>
        where TPanels : struct, IPanels
        where TRows : struct, IPanelRows
    {
        public TPanels Problem;
        public TRows Matrix;
        public int FirstPanel;
        public int Panels;
        public int PanelWidth;
        public float* Input;

        public readonly int FirstBatch(int panel) => (FirstPanel + panel) * PanelWidth;

        public readonly int BatchOf(int panel) => Math.Min(PanelWidth, Problem.Batch - FirstBatch(panel));

        public readonly float* InputOf(int panel) => Input + ((nint)panel * Matrix.Columns * PanelWidth);

        /// <summary>Registers across the panel: 1, 2 or 4.</summary>
        public readonly int VectorsOf(int panel)
        {
            int needed = Ceiling(BatchOf(panel), TLanes.Count);
            return needed <= 2 ? needed : 4;
        }
    }

    private struct ReadBody<TPanels, TRows> : IRangeBody
        where TPanels : struct, IPanels
        where TRows : struct, IPanelRows
    {
        public Part<TPanels, TRows> Part;

        public readonly void Invoke(int index)
        {
            int tasks = Ceiling(Part.Matrix.Columns, ColumnsPerTask);
            int panel = index / tasks;
            int first = index % tasks * ColumnsPerTask;
            int columns = Math.Min(ColumnsPerTask, Part.Matrix.Columns - first);
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

    private struct ComputeBody<TPanels, TRows> : IRangeBody
        where TPanels : struct, IPanels
        where TRows : struct, IPanelRows
    {
        public Part<TPanels, TRows> Part;

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
            int width = TVectors.Value * TLanes.Count;
            float* outputs = Scratch.Rent(Scratch.Buffer.SparseOutput, (long)Part.Matrix.OutputsOf(chunk) * width);
            Part.Matrix.Multiply<TLanes, TVec, TVectors>(chunk, Part.InputOf(panel), outputs);
            Part.Problem.Write<TLanes, TVec>(
                Part.FirstBatch(panel), Part.BatchOf(panel), Part.Matrix.FirstRow(chunk), Part.Matrix.RowsOf(chunk), outputs, width);
        }
    }
}
