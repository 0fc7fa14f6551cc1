namespace BiMaskGen.Masks.Blocks;

/// <summary>A block of a weight, at most M×M.</summary>
/// <param name="first">Its first entry.</param>
/// <param name="stride">From one row to the next.</param>
/// <param name="rows">Rows.</param>
/// <param name="columns">Columns.</param>
internal readonly unsafe struct WeightBlock(float* first, int stride, int rows, int columns)
{
    public int Rows => rows;

    public int Columns => columns;

    /// <summary>|w|.</summary>
    public float this[int row, int column] => MathF.Abs(first[((nint)row * stride) + column]);
}
