using System.Runtime.InteropServices;

namespace BiMaskGen.Kernels.Cuda;

// The parameters of the kernels, as their sources declare them: pointers first, so that no compiler has a gap to fill.

[StructLayout(LayoutKind.Sequential)]
internal struct MaskPassArguments
{
    public ulong Weight;
    public ulong Order;
    public ulong Forward;
    public ulong Backward;
    public ulong Kept;
    public ulong Flags;
    public ulong Words;
    public int Rows;
    public int Columns;
    public int WholeColumns;
    public int WholeRows;
    public int WordsPerRow;
    public float Factor;
}

[StructLayout(LayoutKind.Sequential)]
internal struct WidePassArguments
{
    public ulong Weight;
    public ulong Forward;
    public ulong Flags;
    public int Rows;
    public int Columns;
    public int N;
    public int M;
}

[StructLayout(LayoutKind.Sequential)]
internal struct MaskBitsArguments
{
    public ulong Weight;
    public ulong Words;
    public int Rows;
    public int Columns;
    public int WordsPerRow;
    public int WholeColumns;
}

[StructLayout(LayoutKind.Sequential)]
internal struct TransposableArguments
{
    public ulong Weight;
    public ulong Words;
    public ulong Flags;
    public int Rows;
    public int Columns;
    public int WordsPerRow;
    public int WholeColumns;
}

[StructLayout(LayoutKind.Sequential)]
internal struct DecayArguments
{
    public ulong Weight;
    public ulong Gradient;
    public ulong Words;
    public float Scale;
    public float Decay;
    public int Rows;
    public int Columns;
    public int WholeColumns;
    public int WordsPerRow;
}

[StructLayout(LayoutKind.Sequential)]
internal struct GradientArguments
{
    public ulong Gradient;
    public ulong Saved;
    public ulong Order;
    public ulong Direct;
    public ulong Permuted;
    public int Rows;
    public int Columns;
    public int RowsPerBlock;
    public int Staged;
    public int WholeColumns;
}

[StructLayout(LayoutKind.Sequential)]
internal struct SampleArguments
{
    public ulong Gradient;
    public ulong Sampled;
    public ulong State;
    public int Rows;
    public int Columns;
    public int WholeColumns;
}

[StructLayout(LayoutKind.Sequential)]
internal struct EpilogueArguments
{
    public ulong Output;
    public ulong Bias;
    public ulong Before;
    public int Rows;
    public int Columns;
    public int WholeColumns;
}

[StructLayout(LayoutKind.Sequential)]
internal struct ColumnSumsArguments
{
    public ulong Matrix;
    public ulong Sums;
    public int Rows;
    public int Columns;
    public int WholeColumns;
}
