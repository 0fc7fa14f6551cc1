using System.Globalization;
using BiMaskGen.Masks;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>What y multiplies in the place of W, by the numbers that the kernels' sources use.</summary>
internal enum ForwardOperand
{
    /// <summary>W ⊙ Mf, the N largest of M.</summary>
    Ranked,

    /// <summary>W ⊙ (Mf + β (1 − Mf)); with β = 1 W itself.</summary>
    Fading,

    /// <summary>W under a mask that was made before.</summary>
    Kept,

    /// <summary>β · S(W), S the soft threshold of 2:4.</summary>
    Soft,
}

/// <summary>What dX multiplies, by the numbers that the kernels' sources use.</summary>
internal enum BackwardOperand
{
    /// <summary>What y multiplies: not N:M along out_features.</summary>
    Forward,

    /// <summary>The N largest of M, along out_features, of what y multiplies.</summary>
    Subset,

    /// <summary>The N largest of M of W along out_features.</summary>
    Whole,
}

/// <summary>What a method makes of a weight at one step, as far as kernels have to know.</summary>
/// <param name="Forward">What y multiplies.</param>
/// <param name="Backward">What dX multiplies.</param>
/// <param name="N">Weights kept in a group.</param>
/// <param name="M">Weights in a group.</param>
internal readonly record struct OperandForm(ForwardOperand Forward, BackwardOperand Backward, int N, int M)
{
    /// <summary>β of <see cref="ForwardOperand.Fading"/> and <see cref="ForwardOperand.Soft"/>.</summary>
    public float Factor { get; init; }

    /// <summary>The mask of <see cref="ForwardOperand.Kept"/>. Another mask is another object.</summary>
    public NMMask? Mask { get; init; }

    /// <summary>Whether y multiplies W as it is.</summary>
    public bool IsDense => Forward == ForwardOperand.Fading && Factor == 1;

    /// <summary>Whether groups are wider than those of a pattern; then forward ranks them and backward has no operand of its own.</summary>
    public bool IsWide => M > NMPattern.MaxM;

    /// <summary>N:M, unless it is wide.</summary>
    public NMPattern Pattern => new(N, M);

    /// <summary>Bi-Mask's: both operands N:M.</summary>
    public static OperandForm BiMask(NMPattern pattern) => new(ForwardOperand.Ranked, BackwardOperand.Subset, pattern.N, pattern.M);

    /// <summary>W itself in both directions.</summary>
    /// <param name="pattern">The layer's, which nothing depends on.</param>
    public static OperandForm Dense(NMPattern pattern) => new(ForwardOperand.Fading, BackwardOperand.Forward, pattern.N, pattern.M) { Factor = 1 };

    /// <summary>As checks name it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{N}:{M} {Forward} and {Backward}");

    /// <summary>Why an operand is none for sparse tensor cores, whatever its shape; null if it can be one.</summary>
    public string? Refusal(bool isBackward) =>
        IsDense ? "the layer is dense at this step"
        : Forward == ForwardOperand.Fading ? string.Create(CultureInfo.InvariantCulture, $"pruned weights still count (β {Factor:G3})")
        : IsWide ? $"{N}:{M} is no legal 2:4 operand"
        : isBackward && Backward == BackwardOperand.Forward ? "the method's dX multiplies what y does, which is not N:M along out_features"
        : null;
}
