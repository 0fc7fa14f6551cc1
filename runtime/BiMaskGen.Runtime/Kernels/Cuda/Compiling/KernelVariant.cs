using System.Globalization;
using System.Text;
using BiMaskGen.Checkpoints;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>The element types of CUDA operands, by the numbers that the kernels' sources use.</summary>
internal enum CudaType
{
    /// <summary>float32.</summary>
    F32,

    /// <summary>bfloat16.</summary>
    BF16,

    /// <summary>float16.</summary>
    F16,

    /// <summary>int8: quantised operands of inference.</summary>
    I8,

    /// <summary>float8 e4m3: 3 bits of mantissa, up to ±448, no infinity.</summary>
    E4M3,

    /// <summary>int32: sums of products of int8.</summary>
    I32,
}

/// <summary>Sizes of element types.</summary>
internal static class CudaTypes
{
    /// <summary>Bytes of an element.</summary>
    public static int Bytes(this CudaType type) => type switch { CudaType.F32 or CudaType.I32 => 4, CudaType.I8 or CudaType.E4M3 => 1, _ => 2 };

    /// <summary>What checkpoints call a type that weights have.</summary>
    public static DType OnCpu(this CudaType type) => type switch { CudaType.F32 => DType.F32, CudaType.BF16 => DType.BF16, _ => DType.F16 };

    /// <summary>Whether operands of the type hold quantised numbers, which mean nothing without their scales.</summary>
    public static bool IsQuantized(this CudaType type) => type is CudaType.I8 or CudaType.E4M3;

    /// <summary>The type in which a product of such operands is written: quantised ones keep their sums as they are, for scales are still to be applied.</summary>
    public static CudaType Product(this CudaType type) => type switch { CudaType.I8 => CudaType.I32, CudaType.E4M3 => CudaType.F32, _ => type };
}

/// <summary>A kernel compiled for one pattern and certain types: the file of its source, and the macros that stand for template parameters.</summary>
/// <param name="Name">The kernel, which is also the name of its file.</param>
/// <param name="Macros">"NMS_N=2 NMS_M=4 …".</param>
internal readonly record struct KernelVariant(string Name, string Macros)
{
    /// <summary>Both masks, both operands.</summary>
    public static KernelVariant MaskPass(NMPattern pattern, ForwardOperand forward, BackwardOperand backward, CudaType weight, CudaType operand) =>
        new("mask_pass", $"{Of(pattern)} {Of("FORWARD", (int)forward)} {Of("BACKWARD", (int)backward)} {Of("W", weight)} {Of("T", operand)}");

    /// <summary>The forward operand of groups wider than patterns are.</summary>
    public static KernelVariant WidePass(CudaType weight, CudaType operand) => new("wide_pass", $"{Of("W", weight)} {Of("T", operand)}");

    /// <summary>The forward mask as bits.</summary>
    public static KernelVariant MaskBits(NMPattern pattern, CudaType weight) => new("mask_bits", $"{Of(pattern)} {Of("W", weight)}");

    /// <summary>The transposable mask of 2:4 as bits.</summary>
    public static KernelVariant Transposable(CudaType weight) => new("transposable", Of("W", weight));

    /// <summary>The decay in the weight gradient, under a mask that is ranked anew or comes as bits.</summary>
    public static KernelVariant Decay(NMPattern pattern, bool isKept, CudaType weight, CudaType gradient) =>
        new("decay", $"{Of(pattern)} {Of("FORWARD", (int)(isKept ? ForwardOperand.Kept : ForwardOperand.Ranked))} {Of("W", weight)} {Of("T", gradient)}");

    /// <summary>The output's gradient, through the activation, converted, and gathered by the permutation.</summary>
    public static KernelVariant Gradient(CudaType gradient, CudaType saved, CudaType operand, Activation activation) =>
        new("gradient", $"{Of("G", gradient)} {Of("S", saved)} {Of("T", operand)} {Of(activation)}");

    /// <summary>The sample of a gradient along the batch.</summary>
    public static KernelVariant Sample(bool inPairs, CudaType gradient) => new("sample", $"{Of("GROUP", inPairs ? 2 : 4)} {Of("T", gradient)}");

    /// <summary>Bias and activation.</summary>
    public static KernelVariant Epilogue(CudaType output, CudaType bias, Activation activation) =>
        new("epilogue", $"{Of("T", output)} {Of("B", bias)} {Of(activation)}");

    /// <summary>Sums over rows.</summary>
    public static KernelVariant ColumnSums(CudaType matrix) => new("column_sums", Of("T", matrix));

    /// <summary>Rows quantised, each by a scale of its own.</summary>
    public static KernelVariant Quantize(CudaType source, CudaType operand) => new("quantize", $"{Of("T", source)} {Of("Q", operand)}");

    /// <summary>Sums of quantised products scaled back, bias and activation.</summary>
    public static KernelVariant Rescale(CudaType sums, CudaType bias, CudaType output, Activation activation) =>
        new("rescale", $"{Of("S", sums)} {Of("B", bias)} {Of("T", output)} {Of(activation)}");

    /// <summary>Its name and macros.</summary>
    public override string ToString() => $"{Name} {Macros}";

    /// <summary>The name of the kernel as the driver wants it.</summary>
    internal byte[] NameBytes() => [.. Encoding.ASCII.GetBytes(Name), 0];

    private static string Of(NMPattern pattern) => string.Create(CultureInfo.InvariantCulture, $"NMS_N={pattern.N} NMS_M={pattern.M}");

    private static string Of(string name, CudaType type) => Of(name, (int)type);

    private static string Of(string name, int number) => string.Create(CultureInfo.InvariantCulture, $"NMS_{name}={number}");

    private static string Of(Activation activation) => string.Create(CultureInfo.InvariantCulture, $"NMS_ACTIVATION={(int)activation}");
}
