using System.Numerics;

namespace TorchSharp;

/// <summary>A number with the dtype it came in.</summary>
public sealed class Scalar : IDisposable
{
    private readonly long integer;
    private readonly double real;

    private Scalar(torch.ScalarType type, long integer, double real)
    {
        Type = type;
        this.integer = integer;
        this.real = real;
    }

    public torch.ScalarType Type { get; }

    internal bool IsReal => Type is torch.ScalarType.Float32 or torch.ScalarType.Float64;

    public static implicit operator Scalar(byte value) => new(torch.ScalarType.Byte, value, value);

    public static implicit operator Scalar(int value) => new(torch.ScalarType.Int32, value, value);

    public static implicit operator Scalar(long value) => new(torch.ScalarType.Int64, value, value);

    public static implicit operator Scalar(float value) => Real(torch.ScalarType.Float32, value);

    public static implicit operator Scalar(double value) => Real(torch.ScalarType.Float64, value);

    public static implicit operator Scalar(bool value) => new(torch.ScalarType.Bool, value ? 1 : 0, value ? 1 : 0);

    public void Dispose()
    {
        // The managed value owns nothing; callers dispose it as they would the native one.
    }

    internal T To<T>() where T : INumber<T> => IsReal ? T.CreateSaturating(real) : T.CreateSaturating(integer);

    private static Scalar Real(torch.ScalarType type, double value) => new(type, long.CreateSaturating(value), value);
}

public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this byte value) => value;

    public static Scalar ToScalar(this int value) => value;

    public static Scalar ToScalar(this long value) => value;

    public static Scalar ToScalar(this float value) => value;

    public static Scalar ToScalar(this double value) => value;

    public static Scalar ToScalar(this bool value) => value;

    public static float ToSingle(this Scalar value) => value.To<float>();

    public static double ToDouble(this Scalar value) => value.To<double>();

    public static byte ToByte(this Scalar value) => value.To<byte>();

    public static int ToInt32(this Scalar value) => value.To<int>();

    public static long ToInt64(this Scalar value) => value.To<long>();

    public static bool ToBoolean(this Scalar value) => value.To<double>() != 0;
}
