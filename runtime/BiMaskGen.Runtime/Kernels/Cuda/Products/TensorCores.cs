using System.Globalization;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>What sparse tensor cores take: the facts that the analyzers' NMS004 and NMS005 tell at compile time.</summary>
internal static class TensorCores
{
    /// <summary>Rows and columns of a 16-bit 2:4 operand are multiples of this (cuSPARSELt).</summary>
    public const int SparseMultiple = 16;

    /// <summary>Rows and columns of the dense operand are multiples of this; it may be padded.</summary>
    public const int DenseMultiple = 8;

    /// <summary>The same of 8-bit operands.</summary>
    public const int QuantizedSparseMultiple = 32;

    /// <summary>The same of 8-bit operands.</summary>
    public const int QuantizedDenseMultiple = 16;

    /// <summary>
    /// Whether every matrix of the pattern is 2:4 too, with zeros stored: N ≤ 2 and M a multiple of 4. 1:2 is: a run of four holds two runs
    /// of two. Such a pattern runs at the speed of 2:4, not faster.
    /// </summary>
    public static bool IsOperand(NMPattern pattern) => (pattern.N <= 2 && pattern.M % 4 == 0) || pattern == new NMPattern(1, 2);

    /// <summary>Why a product cannot run on sparse tensor cores; null if it can.</summary>
    /// <param name="pattern">N:M.</param>
    /// <param name="shape">The product.</param>
    /// <param name="type">The type of its operands.</param>
    public static string? Refusal(NMPattern pattern, in ProductShape shape, CudaType type) =>
        !IsOperand(pattern) ? $"{pattern} is no legal 2:4 operand"
        : type == CudaType.F32 ? "tensor cores take bfloat16 and float16 2:4 operands, not float32"
        : shape.Rows % SparseMultipleOf(type) != 0 || shape.Depth % SparseMultipleOf(type) != 0
            ? string.Create(CultureInfo.InvariantCulture, $"[{shape.Rows}, {shape.Depth}] are not multiples of {SparseMultipleOf(type)}")
        : shape.Batch % DenseMultipleOf(type) != 0
            ? string.Create(CultureInfo.InvariantCulture, $"a batch of {shape.Batch} rows is no multiple of {DenseMultipleOf(type)}")
        : null;

    /// <summary>What rows and columns of the sparse operand are multiples of.</summary>
    public static int SparseMultipleOf(CudaType type) => type.IsQuantized() ? QuantizedSparseMultiple : SparseMultiple;

    /// <summary>What the rows of the dense operand are a multiple of.</summary>
    public static int DenseMultipleOf(CudaType type) => type.IsQuantized() ? QuantizedDenseMultiple : DenseMultiple;
}

/// <summary>A product D = B Aᵀ, all row-major: B [batch, depth] dense, A [rows, depth] the weight, D [batch, rows].</summary>
/// <param name="Rows">Rows of the weight: out_features in forward, in_features in backward.</param>
/// <param name="Depth">The contraction.</param>
/// <param name="Batch">Rows of the batch.</param>
internal readonly record struct ProductShape(int Rows, int Depth, int Batch)
{
    /// <summary>As messages name it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{Batch}, {Depth}] x [{Rows}, {Depth}]ᵀ");
}

/// <summary>What a plan is made for.</summary>
/// <param name="Shape">The product.</param>
/// <param name="Type">The type of its operands; its result has <see cref="CudaTypes.Product"/> of it.</param>
/// <param name="HasBias">Whether a bias is added.</param>
/// <param name="Relu">Whether relu is applied.</param>
internal readonly record struct PlanKey(ProductShape Shape, CudaType Type, bool HasBias, bool Relu);
