namespace BiMaskGen.Checkpoints;

/// <summary>
/// The element types of a safetensors file, named as the format names them and in its order of growing alignment. Which bits mean what
/// matters only to <see cref="TensorConversion"/>; files carry all of them.
/// </summary>
public enum DType
{
    /// <summary>One byte, 0 or 1.</summary>
    BOOL,

    /// <summary>4-bit float, E2M1.</summary>
    F4,

    /// <summary>6-bit float, E2M3.</summary>
    F6_E2M3,

    /// <summary>6-bit float, E3M2.</summary>
    F6_E3M2,

    /// <summary>Unsigned 8-bit integer.</summary>
    U8,

    /// <summary>Signed 8-bit integer.</summary>
    I8,

    /// <summary>8-bit float, 5 exponent bits, infinities and NaN as in IEEE 754.</summary>
    F8_E5M2,

    /// <summary>8-bit float, 4 exponent bits, no infinities, one NaN per sign (often called E4M3FN).</summary>
    F8_E4M3,

    /// <summary>8-bit exponent without sign or mantissa.</summary>
    F8_E8M0,

    /// <summary>8-bit float, 4 exponent bits of bias 8, no negative zero.</summary>
    F8_E4M3FNUZ,

    /// <summary>8-bit float, 5 exponent bits of bias 16, no negative zero.</summary>
    F8_E5M2FNUZ,

    /// <summary>Signed 16-bit integer.</summary>
    I16,

    /// <summary>Unsigned 16-bit integer.</summary>
    U16,

    /// <summary>IEEE 754 binary16.</summary>
    F16,

    /// <summary>The upper half of a binary32.</summary>
    BF16,

    /// <summary>Signed 32-bit integer.</summary>
    I32,

    /// <summary>Unsigned 32-bit integer.</summary>
    U32,

    /// <summary>IEEE 754 binary32.</summary>
    F32,

    /// <summary>A pair of binary32: real and imaginary part.</summary>
    C64,

    /// <summary>IEEE 754 binary64.</summary>
    F64,

    /// <summary>Signed 64-bit integer.</summary>
    I64,

    /// <summary>Unsigned 64-bit integer.</summary>
    U64,
}
