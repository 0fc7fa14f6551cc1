using BiMaskGen.Generators.Model;

namespace BiMaskGen.Analyzers.Shapes;

/// <summary>
/// What sparse tensor cores take, of compute capability 8.0 and up. They know one pattern, 2:4, and want the sparse operand's rows and columns to be
/// multiples; a layer that is sparse in both directions has to fit twice, as W and as Wᵀ.
/// </summary>
internal static class TensorCores
{
    /// <summary>What the table is of: the precision that the attribute says, else the one that mixed precision training uses.</summary>
    public static string Precision(SparseOptions options) => options.Precision switch
    {
        "Float16" => "fp16",
        "BFloat16" => "bf16",
        _ => "bf16 assumed",
    };

    // Of a 16-bit sparse operand. cuSPARSELt takes the finer ones, so it decides; CUTLASS is named.
    private const int CuSparseLtRows = 16, CuSparseLtColumns = 16;
    private const int CutlassRows = 32, CutlassColumns = 64;

    /// <summary>What both features must be multiples of for some library, for cuSPARSELt that is.</summary>
    public static int Multiple { get; } = Features.LeastCommonMultiple(CuSparseLtRows, CuSparseLtColumns);

    /// <summary>What both features must be multiples of for CUTLASS as well.</summary>
    public static int CutlassMultiple { get; } = Features.LeastCommonMultiple(CutlassRows, CutlassColumns);

    /// <summary>Whether a weight of the pattern can be stored as a 2:4 operand, if need be with zeros among what is kept.</summary>
    public static bool IsOperand(PatternSpec pattern) => pattern is { N: 1, M: 2 } || (pattern.N <= 2 && pattern.M % 4 == 0);

    /// <summary>Whether tensor cores do all that the pattern could give.</summary>
    public static bool IsTheirs(PatternSpec pattern) => pattern is { N: 2, M: 4 };
}
