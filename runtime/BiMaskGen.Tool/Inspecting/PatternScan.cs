using System.Numerics;
using BiMaskGen.Checkpoints;

namespace BiMaskGen.Tool.Inspecting;

/// <summary>Finds the N:M patterns that a matrix keeps to, along both of its axes, in one pass over it.</summary>
internal sealed class PatternScan
{
    private static readonly int[] s_groups = [2, 4, 8, 16, 32];

    private readonly int _rows, _columns;
    private readonly int[] _worstInRow = new int[s_groups.Length], _worstInColumn = new int[s_groups.Length];
    private readonly int[][] _columnCounts;
    private long _nonZero;

    private PatternScan(int rows, int columns)
    {
        _rows = rows;
        _columns = columns;
        _columnCounts = [.. s_groups.Select(_ => new int[columns])];
    }

    /// <summary>Share of entries that are 0.</summary>
    public double Zeros => 1 - (_nonZero / ((double)_rows * _columns));

    /// <summary>The strictest pattern along the columns of a row (in_features), or null.</summary>
    public NMPattern? AlongColumns => Strictest(_worstInRow, _columns);

    /// <summary>The strictest pattern along the rows of a column (out_features), or null.</summary>
    public NMPattern? AlongRows => Strictest(_worstInColumn, _rows);

    /// <summary>Scans a matrix of floats; null for anything else, and for what is empty or too long.</summary>
    public static PatternScan? Of(TensorInfo tensor, TensorView view)
    {
        if (tensor.Shape.Length != 2 || !TensorConversion.IsSupported(tensor.DType) || tensor.ElementCount is 0 or > int.MaxValue)
        {
            return null;
        }

        PatternScan scan = new((int)tensor.Shape[0], (int)tensor.Shape[1]);
        switch (tensor.DType.Bytes())
        {
            case 1:
                scan.Run(view.AsSpan<byte>(), (byte)(byte.MaxValue >> 1));
                break;
            case 2:
                scan.Run(view.AsSpan<ushort>(), (ushort)(ushort.MaxValue >> 1));
                break;
            case 4:
                scan.Run(view.AsSpan<uint>(), uint.MaxValue >> 1);
                break;
            default:
                scan.Run(view.AsSpan<ulong>(), ulong.MaxValue >> 1);
                break;
        }

        return scan;
    }

    // A zero is a zero with either sign: all bits but the first are 0.
    private void Run<T>(ReadOnlySpan<T> entries, T magnitude)
        where T : unmanaged, IBinaryInteger<T>
    {
        Span<int> counts = stackalloc int[s_groups.Length];
        for (int row = 0; row < _rows; row++)
        {
            ReadOnlySpan<T> values = entries.Slice(row * _columns, _columns);
            counts.Clear();
            for (int column = 0; column < values.Length; column++)
            {
                bool kept = (values[column] & magnitude) != T.Zero;
                _nonZero += kept ? 1 : 0;
                for (int g = 0; g < s_groups.Length; g++)
                {
                    counts[g] = (column % s_groups[g] == 0 ? 0 : counts[g]) + (kept ? 1 : 0);
                    _worstInRow[g] = Math.Max(_worstInRow[g], counts[g]);
                    ref int down = ref _columnCounts[g][column];
                    down = (row % s_groups[g] == 0 ? 0 : down) + (kept ? 1 : 0);
                    _worstInColumn[g] = Math.Max(_worstInColumn[g], down);
                }
            }
        }
    }

    // Least kept wins; of equal shares the smaller group, which says more: 2:4 rather than 4:8. A group longer than
    // the axis says nothing.
    private static NMPattern? Strictest(int[] worst, int length)
    {
        NMPattern? best = null;
        for (int g = 0; g < s_groups.Length; g++)
        {
            int n = Math.Max(worst[g], 1), m = s_groups[g];
            if (n < m && m <= length && (best is not { } b || (long)n * b.M < (long)b.N * m))
            {
                best = new NMPattern(n, m);
            }
        }

        return best;
    }
}
