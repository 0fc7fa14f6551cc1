using System.Numerics;
using System.Runtime.InteropServices;

namespace BiMaskGen.Checkpoints;

/// <summary>
/// The float types of checkpoints to and from float32, the one place where their bits are read. To float32 is exact, but for F64; from float32
/// the nearest number is taken, of two equally near the even one.
/// </summary>
public static class TensorConversion
{
    /// <summary>Whether this element type converts: F64, F32, F16, BF16, F8_E5M2, F8_E4M3.</summary>
    /// <param name="dtype">The type.</param>
    public static bool IsSupported(DType dtype) =>
        dtype is DType.F64 or DType.F32 or DType.F16 or DType.BF16 or DType.F8_E5M2 or DType.F8_E4M3;

    /// <summary>Reads elements as float32. F64 is rounded, beyond float32 to infinity; NaN stays NaN.</summary>
    /// <param name="dtype">Their type.</param>
    /// <param name="source">Their bytes.</param>
    /// <param name="destination">As many numbers.</param>
    /// <exception cref="NotSupportedException">The type is no float that converts.</exception>
    /// <exception cref="ArgumentException">The lengths disagree.</exception>
    public static void ToSingle(DType dtype, ReadOnlySpan<byte> source, Span<float> destination)
    {
        Check(dtype, source.Length, destination.Length);
        switch (dtype)
        {
            case DType.F32:
                source.CopyTo(MemoryMarshal.AsBytes(destination));
                break;
            case DType.F64:
                Narrow(MemoryMarshal.Cast<byte, double>(source), destination);
                break;
            case DType.F16:
                SmallFloats.Widen<Float16>(MemoryMarshal.Cast<byte, ushort>(source), destination);
                break;
            case DType.BF16:
                SmallFloats.Widen<BFloat16>(MemoryMarshal.Cast<byte, ushort>(source), destination);
                break;
            case DType.F8_E5M2:
                SmallFloats.Widen<Float8E5M2>(source, destination);
                break;
            default:
                SmallFloats.Widen<Float8E4M3>(source, destination);
                break;
        }
    }

    /// <summary>
    /// Writes float32 numbers as elements. What is too large becomes infinity, in F8_E4M3 (which has none) NaN, as in torch.
    /// </summary>
    /// <param name="dtype">The elements' type.</param>
    /// <param name="source">The numbers.</param>
    /// <param name="destination">The bytes of as many elements.</param>
    /// <exception cref="NotSupportedException">The type is no float that converts.</exception>
    /// <exception cref="ArgumentException">The lengths disagree.</exception>
    public static void FromSingle(DType dtype, ReadOnlySpan<float> source, Span<byte> destination)
    {
        Check(dtype, destination.Length, source.Length);
        switch (dtype)
        {
            case DType.F32:
                MemoryMarshal.AsBytes(source).CopyTo(destination);
                break;
            case DType.F64:
                Widen(source, MemoryMarshal.Cast<byte, double>(destination));
                break;
            case DType.F16:
                SmallFloats.Narrow<Float16>(source, MemoryMarshal.Cast<byte, ushort>(destination));
                break;
            case DType.BF16:
                SmallFloats.Narrow<BFloat16>(source, MemoryMarshal.Cast<byte, ushort>(destination));
                break;
            case DType.F8_E5M2:
                SmallFloats.Narrow<Float8E5M2>(source, destination);
                break;
            default:
                SmallFloats.Narrow<Float8E4M3>(source, destination);
                break;
        }
    }

    private static void Check(DType dtype, int bytes, int elements)
    {
        if (!IsSupported(dtype))
        {
            throw new NotSupportedException($"{dtype.Name()} does not convert to or from F32: F64, F32, F16, BF16, F8_E5M2 and F8_E4M3 do.");
        }

        if (!BitConverter.IsLittleEndian)
        {
            throw new NotSupportedException("Checkpoints are little-endian, this machine is not.");
        }

        if (bytes != (long)elements * dtype.Bytes())
        {
            throw new ArgumentException($"{elements} elements of {dtype.Name()} are {(long)elements * dtype.Bytes()} bytes, not {bytes}.");
        }
    }

    private static void Narrow(ReadOnlySpan<double> source, Span<float> destination)
    {
        int i = 0;
        for (; i <= source.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var lower = new Vector<double>(source[i..]);
            var upper = new Vector<double>(source[(i + Vector<double>.Count)..]);
            Vector.Narrow(lower, upper).CopyTo(destination[i..]);
        }

        for (; i < source.Length; i++)
        {
            destination[i] = (float)source[i];
        }
    }

    private static void Widen(ReadOnlySpan<float> source, Span<double> destination)
    {
        int i = 0;
        for (; i <= source.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(source[i..]), out Vector<double> lower, out Vector<double> upper);
            lower.CopyTo(destination[i..]);
            upper.CopyTo(destination[(i + Vector<double>.Count)..]);
        }

        for (; i < source.Length; i++)
        {
            destination[i] = source[i];
        }
    }
}
