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
}
