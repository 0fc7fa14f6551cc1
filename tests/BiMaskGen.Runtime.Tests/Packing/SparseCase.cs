using BiMaskGen.Masks;
using BiMaskGen.Packing;
using BiMaskGen.Patterns;
using BiMaskGen.Runtime.Tests.Kernels;

namespace BiMaskGen.Runtime.Tests.Packing;

internal readonly struct Pattern3x7 : INMPattern
{
    public static int N => 3;

    public static int M => 7;
}

internal readonly struct Pattern5x9 : INMPattern
{
    public static int N => 5;

    public static int M => 9;
}

internal readonly struct Pattern31x32 : INMPattern
{
    public static int N => 31;

    public static int M => 32;
}

internal interface IPatternAction
{
    void Run<TPattern>() where TPattern : struct, INMPattern;
}

internal static class EveryPattern
{
    public static void Run(IPatternAction action)
    {
        action.Run<Pattern1x2>();
        action.Run<Pattern2x4>();
        action.Run<Pattern1x4>();
        action.Run<Pattern2x8>();
        action.Run<Pattern4x8>();
        action.Run<Pattern1x16>();
        action.Run<Pattern3x7>();
        action.Run<Pattern5x9>();
        action.Run<Pattern1x32>();
        action.Run<Pattern31x32>();
    }
}

/// <summary>A weight with a random mask of one pattern along in_features (forward) or along permuted out_features (backward).</summary>
internal sealed class SparseCase<TPattern>
    where TPattern : struct, INMPattern
{
    public SparseCase(int rows, int columns, bool backward, bool permuted, int seed)
    {
        var random = new Random(seed);
        Rows = rows;
        Columns = columns;
        Backward = backward;
        Order = new int[columns];
        for (int i = 0; i < columns; i++)
        {
            Order[i] = i;
        }

        if (permuted)
        {
            random.Shuffle(Order);
        }

        Weight = Data.Random(rows * columns, seed + 1);
        Mask = backward ? new NMMask(columns, rows) : new NMMask(rows, columns);
        Dense = new float[rows * columns];
        for (int row = 0; row < rows; row++)
        {
            for (int start = 0; start < columns; start += TPattern.M)
            {
                int[] members = Order[start..Math.Min(start + TPattern.M, columns)];
                random.Shuffle(members);

                // Most groups hold N, some fewer, as those of a backward mask do.
                int kept = Math.Min(members.Length, random.Next(4) == 0 ? random.Next(TPattern.N + 1) : TPattern.N);
                foreach (int column in members.AsSpan(0, kept))
                {
                    Dense[(row * columns) + column] = WeightAt(row, column);
                    Mask.Set(backward ? column : row, backward ? row : column);
                }
            }
        }

        Packed = new PackedMatrix(NMPattern.Of<TPattern>(), rows, columns);
        Pack();
    }

    /// <summary>Rows of the packed matrix.</summary>
    public int Rows { get; }

    public int Columns { get; }

    public bool Backward { get; }

    public int[] Order { get; }

    /// <summary>W: its transpose is packed if backward.</summary>
    public float[] Weight { get; }

    public NMMask Mask { get; }

    /// <summary>The packed matrix written out, rows × columns.</summary>
    public float[] Dense { get; }

    public PackedMatrix Packed { get; }

    public void Pack(PackedForms forms = PackedForms.All)
    {
        if (Backward)
        {
            Packer.PackBackward<TPattern>(Weight, Columns, Rows, Mask, Order, Packed, forms);
        }
        else
        {
            Packer.PackForward<TPattern>(Weight, Rows, Columns, Mask, Packed, forms, Order);
        }
    }

    public override string ToString() => $"{NMPattern.Of<TPattern>()} {Rows}x{Columns}{(Backward ? " backward" : string.Empty)}";

    private float WeightAt(int row, int column) => Backward ? Weight[(column * Rows) + row] : Weight[(row * Columns) + column];
}
