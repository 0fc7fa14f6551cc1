using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Facts about dtypes.</summary>
internal static class ScalarTypes
{
    public static bool IsFloatingPoint(this ScalarType type)
        => type is ScalarType.Float32 or ScalarType.Float64 or ScalarType.Float16 or ScalarType.BFloat16;

    public static ScalarType Of<T>()
    {
        if (typeof(T) == typeof(float))
            return ScalarType.Float32;
        if (typeof(T) == typeof(long))
            return ScalarType.Int64;
        if (typeof(T) == typeof(bool))
            return ScalarType.Bool;
        if (typeof(T) == typeof(double))
            return ScalarType.Float64;
        if (typeof(T) == typeof(int))
            return ScalarType.Int32;
        return typeof(T) == typeof(byte) ? ScalarType.Byte : throw new NotSupportedException($"No tensor holds {typeof(T)}.");
    }

    /// <summary>The dtype of an operation on both, as torch promotes dimensioned tensors.</summary>
    public static ScalarType Promote(ScalarType a, ScalarType b)
    {
        if (a == b)
            return a;
        return Rank(a) >= Rank(b) ? a : b;

        static int Rank(ScalarType type) => type switch
        {
            ScalarType.Bool => 0,
            ScalarType.Byte => 1,
            ScalarType.Int32 => 2,
            ScalarType.Int64 => 3,
            ScalarType.Float32 => 4,
            ScalarType.Float64 => 5,
            _ => throw Unsupported(type),
        };
    }

    /// <summary>The dtype of a tensor with a number: a number changes it only where its kind is higher.</summary>
    public static ScalarType Promote(ScalarType tensor, Scalar scalar)
    {
        if (scalar.IsReal)
            return tensor.IsFloatingPoint() ? tensor : ScalarType.Float32;
        return tensor == ScalarType.Bool && scalar.Type != ScalarType.Bool ? ScalarType.Int64 : tensor;
    }

    public static NotSupportedException Unsupported(ScalarType type)
        => new($"The managed stand-in of TorchSharp does not implement this operation for {type}.");
}

public static partial class TensorExtensionMethods
{
    public static int ElementSize(this ScalarType type) => type switch
    {
        ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool => 1,
        ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.Float32 => 4,
        ScalarType.Int64 or ScalarType.Float64 => 8,
        _ => throw ScalarTypes.Unsupported(type),
    };
}
