namespace BiMaskGen.Kernels.Cpu;

/// <summary>What one register tile of the dense product reads and writes: C = alpha A B + beta C over some steps.</summary>
internal unsafe struct GemmTileOperands
{
    /// <summary>Binary places of <see cref="SharePerStep"/>.</summary>
    public const int ShareBits = 16;

    public int Steps;

    /// <summary>1 / Steps, rounded down: how much of C's rows to fetch with every step.</summary>
    public int SharePerStep;

    public float Alpha;
    public float Beta;

    /// <summary>The tile's rows at the first step.</summary>
    public float* A;

    /// <summary>From one row to the next if steps are adjacent, from one step to the next if rows are.</summary>
    public nint StrideA;

    /// <summary>The tile's columns at the first step.</summary>
    public float* B;

    /// <summary>From one step to the next.</summary>
    public nint StrideB;

    public float* C;

    /// <summary>From one row to the next.</summary>
    public nint StrideC;

    /// <summary>What a later tile will read of B: to be fetched meanwhile, a line with every step.</summary>
    public float* Ahead;

    /// <summary>From the line fetched with one step to that of the next.</summary>
    public nint StrideAhead;
}

/// <summary>How the rows of A that a tile reads lie in memory.</summary>
internal interface IRowLayout
{
    static abstract bool StepsAdjacent { get; }
}

/// <summary>A packed panel, or an A stored [k, m].</summary>
internal readonly struct RowsAdjacent : IRowLayout
{
    public static bool StepsAdjacent => false;
}

/// <summary>An A stored [m, k].</summary>
internal readonly struct StepsAdjacent : IRowLayout
{
    static bool IRowLayout.StepsAdjacent => true;
}
