using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BiMaskGen.Kernels.Cpu;

// One task: panels of rows times strips of columns. Rows of A that are not read in place are packed here, a block of steps at a time:
// they are read once anyway, and their copy never leaves the second-level cache.

/// <summary>A block of C, computed by one thread.</summary>
/// <typeparam name="TLanes">The register width.</typeparam>
/// <typeparam name="TVec">The register.</typeparam>
internal unsafe struct GemmBlock<TLanes, TVec>
    where TLanes : struct, ILanes<TVec>
    where TVec : unmanaged
{
    public GemmChunk<TLanes, TVec> Chunk;
    public int Row;
    public int Rows;
    public int FirstStrip;
    public int EndStrip;

    /// <summary>Whether panels of A are read where they lie; the last one is packed if no tile is just as high.</summary>
    public bool InPlace;

    public float* Packed;

    /// <summary>Room for two tiles.</summary>
    public float* Edge;

    public static int StripColumns => GemmTileChoice<TLanes, TVec>.MaxWidth;

    public static int PanelRows => GemmTileChoice<TLanes, TVec>.MaxHeight;

    /// <summary>Floats that the packed panels of so many rows take for so many steps.</summary>
    public static long PackedFloats(int rows, int steps) => (long)((rows + PanelRows - 1) / PanelRows) * PanelStride(steps);

    /// <summary>Computes steps [step, step + steps) of the contraction.</summary>
    public readonly void Run(int step, int steps)
    {
        Pack(step, steps);
        for (int strip = FirstStrip; strip < EndStrip; strip++)
        {
            Tiles(strip, step, steps);
        }
    }

    // A line more than the panel: panels at a power of two would share the sets of the first-level cache while they are filled.
    private static int PanelStride(int steps) => (PanelRows * steps) + Prefetch.Line;

    private readonly void Pack(int step, int steps)
    {
        ref readonly GemmProblem problem = ref Chunk.Problem;
        float* source = problem.A + (Row * problem.RowA) + (step * problem.ColumnA);
        int whole = Rows - (Rows % PanelRows);
        if (!InPlace)
        {
            GemmPacking<TLanes, TVec>.PackPanels(
                source, problem.RowA, problem.ColumnA, whole / PanelRows, PanelRows, steps, Packed, PanelStride(steps));
        }

        int rows = Rows - whole;
        int height = GemmTileChoice<TLanes, TVec>.Height(rows);
        if (rows != 0 && !(InPlace && rows == height))
        {
            source += whole * problem.RowA;
            GemmPacking<TLanes, TVec>.Pack(source, problem.RowA, problem.ColumnA, rows, height, steps, Panel(whole, steps));
        }
    }

    private readonly void Tiles(int index, int step, int steps)
    {
        GemmStrip strip = Chunk.Strip(index, step);
        GemmStrip next = index + 1 < EndStrip ? Chunk.Strip(index + 1, step)
            : step + steps < Chunk.Problem.K ? Chunk.Strip(FirstStrip, step + steps)
            : strip;
        GemmTileOperands tile = new()
        {
            Steps = steps,
            SharePerStep = (1 << GemmTileOperands.ShareBits) / steps,
            Alpha = Chunk.Problem.Alpha,
            B = strip.Start,
            StrideB = strip.Stride,
            Ahead = next.Start,
        };

        // A packed strip is fetched from its start to its end over all panels, one in place line by line of its rows, a panel each.
        int panels = (Rows + PanelRows - 1) / PanelRows;
        tile.StrideAhead = next.InPlace ? next.Stride : (next.Width + panels - 1) / panels;
        nint aheadPerPanel = next.InPlace ? Prefetch.Line : steps * tile.StrideAhead;
        for (int row = 0; row < Rows; row += PanelRows)
        {
            Tile(row, strip, step, ref tile);
            tile.Ahead += aheadPerPanel;
        }
    }

    private readonly void Tile(int row, in GemmStrip strip, int step, ref GemmTileOperands tile)
    {
        ref readonly GemmProblem problem = ref Chunk.Problem;
        int rows = Math.Min(PanelRows, Rows - row);
        int height = GemmTileChoice<TLanes, TVec>.Height(rows);
        float beta = step == 0 ? problem.Beta : 1;
        float* c = problem.C + ((Row + row) * problem.RowC) + ((Chunk.Column + strip.Column) * problem.ColumnC);
        bool wholeC = rows == height && strip.Columns == strip.Width && problem.ColumnC == 1;
        tile.C = wholeC ? c : Edge;
        tile.StrideC = wholeC ? problem.RowC : strip.Width;
        tile.Beta = wholeC ? beta : 0;
        bool inPlace = InPlace && rows == height;
        bool stepsAdjacent = inPlace && problem.ColumnA == 1;
        tile.A = inPlace ? problem.A + ((Row + row) * problem.RowA) + (step * problem.ColumnA) : Panel(row, tile.Steps);
        tile.StrideA = !inPlace ? height : stepsAdjacent ? problem.RowA : problem.ColumnA;
        GemmTileChoice<TLanes, TVec>.Run(height, strip.Width, stepsAdjacent, tile);
        if (!wholeC)
        {
            AddEdge(strip, rows, beta, c);
        }
    }

    /// <summary>C = product + beta C for a tile that C does not hold as it is: it is cut off at the end, or lies transposed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void AddEdge(in GemmStrip strip, int rows, float beta, float* c)
    {
        float* product = Edge;
        nint stride = strip.Width;
        nint strideC = Chunk.Problem.RowC;
        int count = strip.Columns;
        if (Chunk.Problem.ColumnC != 1)
        {
            product += PanelRows * StripColumns;
            stride = PanelRows;
            Transposition.Run(Edge, strip.Width, rows, count, product, stride);
            strideC = Chunk.Problem.ColumnC;
            (rows, count) = (count, rows);
        }

        for (int i = 0; i < rows; i++)
        {
            int j = 0;
            for (; j <= count - TLanes.Count; j += TLanes.Count)
            {
                AddLanes<TLanes, TVec>(product + j, beta, c + j);
            }

            for (; j <= count - Vector128<float>.Count; j += Vector128<float>.Count)
            {
                AddLanes<Lanes128, Vector128<float>>(product + j, beta, c + j);
            }

            for (; j < count; j++)
            {
                AddLanes<Lanes32, float>(product + j, beta, c + j);
            }

            product += stride;
            c += strideC;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddLanes<TPart, TPartVec>(float* product, float beta, float* c)
        where TPart : struct, ILanes<TPartVec>
        where TPartVec : unmanaged
    {
        TPartVec sum = TPart.Load(product);
        TPart.Store(beta == 0 ? sum : TPart.MultiplyAdd(TPart.Create(beta), TPart.Load(c), sum), c);
    }

    private readonly float* Panel(int row, int steps) => Packed + (InPlace ? 0 : (nint)(row / PanelRows) * PanelStride(steps));
}
