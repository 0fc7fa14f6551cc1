namespace BiMaskGen.Kernels.Cuda;

/// <summary>torch's numbers of element types (c10::ScalarType), as far as kernels take them.</summary>
internal static class TorchTypes
{
    /// <summary>float16.</summary>
    public const int Half = 5;

    /// <summary>float32.</summary>
    public const int Float = 6;

    /// <summary>bfloat16.</summary>
    public const int BFloat16 = 15;

    /// <summary>What kernels take a type as; null if they do not take it.</summary>
    public static CudaType? ToCuda(int type) => type switch { Float => CudaType.F32, BFloat16 => CudaType.BF16, Half => CudaType.F16, _ => null };

    /// <summary>torch's number of a type that its tensors have.</summary>
    public static int Of(CudaType type) => type switch { CudaType.BF16 => BFloat16, CudaType.F16 => Half, _ => Float };
}
