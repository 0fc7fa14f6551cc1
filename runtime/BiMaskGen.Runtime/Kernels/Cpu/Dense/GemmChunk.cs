namespace BiMaskGen.Kernels.Cpu;

/// <summary>The columns of C that one filling of the packed B serves, cut into strips as wide as a tile.</summary>
/// <typeparam name="TLanes">The register width.</typeparam>
/// <typeparam name="TVec">The register.</typeparam>
internal unsafe struct GemmChunk<TLanes, TVec>
    where TLanes : struct, ILanes<TVec>
    where TVec : unmanaged
{
    public GemmProblem Problem;
    public int Column;
    public int Columns;

    /// <summary>Whether strips of B are read where they lie; the last one is packed if no tile is just as wide.</summary>
    public bool InPlace;

    public float* Packed;

    /// <summary>Steps of the contraction in one block. It depends on the sizes alone: it decides the order of the sums.</summary>
    public int MaxSteps;

    public static int StripColumns => GemmTileChoice<TLanes, TVec>.MaxWidth;

    public readonly int Strips => (Columns + StripColumns - 1) / StripColumns;

    /// <summary>Floats that the packed strips take.</summary>
    public readonly long PackedFloats => (long)(InPlace ? 1 : Strips) * StripColumns * Problem.K;

    /// <summary>
    /// The first column of a strip, or of what follows the last one. Where the last strip would be a single register wide, it takes
    /// another one from the strip before: two tiles of two registers keep more sums in flight than one of three and one of one.
    /// </summary>
    public readonly int StripStart(int strip)
    {
        int start = strip * StripColumns;
        int last = Columns - start;
        return last <= 0 ? Columns : strip > 0 && last <= TLanes.Count ? start - TLanes.Count : start;
    }

    /// <summary>Packs steps [step, step + steps) of a strip, unless it is read in place.</summary>
    public readonly void Pack(int strip, int step, int steps)
    {
        GemmStrip packed = Strip(strip, step);
        if (!packed.InPlace)
        {
            float* source = Problem.B + ((Column + packed.Column) * Problem.ColumnB) + (step * Problem.RowB);
            GemmPacking<TLanes, TVec>.Pack(source, Problem.ColumnB, Problem.RowB, packed.Columns, packed.Width, steps, packed.Start);
        }
    }

    /// <summary>A strip from a step of the contraction on.</summary>
    public readonly GemmStrip Strip(int strip, int step)
    {
        int column = StripStart(strip);
        int columns = StripStart(strip + 1) - column;
        int width = GemmTileChoice<TLanes, TVec>.Width(columns);
        bool inPlace = InPlace && columns == width;
        nint stride = inPlace ? Problem.RowB : width;
        float* first = inPlace ? Problem.B + Column + column : Packed + (InPlace ? 0 : (nint)column * Problem.K);
        return new()
        {
            Column = column,
            Columns = columns,
            Width = width,
            InPlace = inPlace,
            Start = first + (step * stride),
            Stride = stride,
        };
    }
}

/// <summary>Some columns of B from a step of the contraction on.</summary>
internal unsafe struct GemmStrip
{
    /// <summary>The first column, in the chunk.</summary>
    public int Column;

    /// <summary>Columns that exist.</summary>
    public int Columns;

    /// <summary>Columns of the tile.</summary>
    public int Width;
    public bool InPlace;
    public float* Start;

    /// <summary>From one step to the next.</summary>
    public nint Stride;
}
