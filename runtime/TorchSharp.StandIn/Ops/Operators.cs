using System.Numerics;
using System.Numerics.Tensors;

namespace TorchSharp.Ops;

/// <summary>An arithmetic operator over every number type, on runs of elements.</summary>
internal interface IArithmetic
{
    static abstract void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> target) where T : INumber<T>;

    static abstract void Apply<T>(ReadOnlySpan<T> x, T y, Span<T> target) where T : INumber<T>;

    static abstract void Apply<T>(T x, ReadOnlySpan<T> y, Span<T> target) where T : INumber<T>;
}

/// <summary>A comparison over every number type.</summary>
internal interface ITest
{
    static abstract bool Test<T>(T x, T y) where T : INumber<T>;
}

internal readonly struct Add : IArithmetic
{
    public static void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> target) where T : INumber<T> => TensorPrimitives.Add(x, y, target);

    public static void Apply<T>(ReadOnlySpan<T> x, T y, Span<T> target) where T : INumber<T> => TensorPrimitives.Add(x, y, target);

    public static void Apply<T>(T x, ReadOnlySpan<T> y, Span<T> target) where T : INumber<T> => TensorPrimitives.Add(y, x, target);
}

internal readonly struct Subtract : IArithmetic
{
    public static void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> target) where T : INumber<T> => TensorPrimitives.Subtract(x, y, target);

    public static void Apply<T>(ReadOnlySpan<T> x, T y, Span<T> target) where T : INumber<T> => TensorPrimitives.Subtract(x, y, target);

    public static void Apply<T>(T x, ReadOnlySpan<T> y, Span<T> target) where T : INumber<T> => TensorPrimitives.Subtract(x, y, target);
}

internal readonly struct Multiply : IArithmetic
{
    public static void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> target) where T : INumber<T> => TensorPrimitives.Multiply(x, y, target);

    public static void Apply<T>(ReadOnlySpan<T> x, T y, Span<T> target) where T : INumber<T> => TensorPrimitives.Multiply(x, y, target);

    public static void Apply<T>(T x, ReadOnlySpan<T> y, Span<T> target) where T : INumber<T> => TensorPrimitives.Multiply(y, x, target);
}

internal readonly struct Divide : IArithmetic
{
    public static void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> target) where T : INumber<T> => TensorPrimitives.Divide(x, y, target);

    public static void Apply<T>(ReadOnlySpan<T> x, T y, Span<T> target) where T : INumber<T> => TensorPrimitives.Divide(x, y, target);

    public static void Apply<T>(T x, ReadOnlySpan<T> y, Span<T> target) where T : INumber<T> => TensorPrimitives.Divide(x, y, target);
}

internal readonly struct Maximum : IArithmetic
{
    public static void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> target) where T : INumber<T> => TensorPrimitives.Max(x, y, target);

    public static void Apply<T>(ReadOnlySpan<T> x, T y, Span<T> target) where T : INumber<T> => TensorPrimitives.Max(x, y, target);

    public static void Apply<T>(T x, ReadOnlySpan<T> y, Span<T> target) where T : INumber<T> => TensorPrimitives.Max(y, x, target);
}

internal readonly struct Minimum : IArithmetic
{
    public static void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> target) where T : INumber<T> => TensorPrimitives.Min(x, y, target);

    public static void Apply<T>(ReadOnlySpan<T> x, T y, Span<T> target) where T : INumber<T> => TensorPrimitives.Min(x, y, target);

    public static void Apply<T>(T x, ReadOnlySpan<T> y, Span<T> target) where T : INumber<T> => TensorPrimitives.Min(y, x, target);
}

internal readonly struct Power : IArithmetic
{
    public static void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> target) where T : INumber<T>
    {
        for (int i = 0; i < target.Length; i++)
            target[i] = Pow(x[i], y[i]);
    }

    public static void Apply<T>(ReadOnlySpan<T> x, T y, Span<T> target) where T : INumber<T>
    {
        for (int i = 0; i < target.Length; i++)
            target[i] = Pow(x[i], y);
    }

    public static void Apply<T>(T x, ReadOnlySpan<T> y, Span<T> target) where T : INumber<T>
    {
        for (int i = 0; i < target.Length; i++)
            target[i] = Pow(x, y[i]);
    }

    private static T Pow<T>(T x, T y) where T : INumber<T> => T.CreateTruncating(Math.Pow(double.CreateTruncating(x), double.CreateTruncating(y)));
}

internal readonly struct Equal : ITest
{
    public static bool Test<T>(T x, T y) where T : INumber<T> => x == y;
}

internal readonly struct NotEqual : ITest
{
    public static bool Test<T>(T x, T y) where T : INumber<T> => x != y;
}

internal readonly struct Less : ITest
{
    public static bool Test<T>(T x, T y) where T : INumber<T> => x < y;
}

internal readonly struct LessOrEqual : ITest
{
    public static bool Test<T>(T x, T y) where T : INumber<T> => x <= y;
}

internal readonly struct And : ITest
{
    public static bool Test<T>(T x, T y) where T : INumber<T> => !T.IsZero(x) && !T.IsZero(y);
}

internal readonly struct Or : ITest
{
    public static bool Test<T>(T x, T y) where T : INumber<T> => !T.IsZero(x) || !T.IsZero(y);
}

internal readonly struct Xor : ITest
{
    public static bool Test<T>(T x, T y) where T : INumber<T> => T.IsZero(x) != T.IsZero(y);
}
