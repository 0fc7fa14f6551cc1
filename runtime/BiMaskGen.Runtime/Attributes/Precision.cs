namespace BiMaskGen;

/// <summary>The type in which a sparse layer on a GPU multiplies. On the CPU, whose kernels compute in float32, it changes nothing.</summary>
public enum Precision
{
    /// <summary>The type of the weights; float32 weights then run as masked dense, for sparse tensor cores take 16-bit operands only.</summary>
    Weight,

    /// <summary>bfloat16 operands, sums in float32; the weights keep their type and stay the optimizer's master weights.</summary>
    BFloat16,

    /// <summary>float16 operands, sums in float32; a weight beyond ±65504 is an error, and small gradients want loss scaling.</summary>
    Float16,
}
