using System.Numerics;

namespace TorchSharp.Ops;

/// <summary>A function on vectors of floats, for activations and their derivatives.</summary>
internal interface IVectorFunction
{
    static abstract Vector<float> Apply(Vector<float> x);
}

/// <summary>Activation functions in whatever vector width the machine has; the tail goes through one padded vector.</summary>
internal static class ActivationKernels
{
    public static void Map<TFunction>(ReadOnlySpan<float> x, Span<float> target) where TFunction : IVectorFunction
    {
        int width = Vector<float>.Count;
        int i = 0;
        for (; i <= x.Length - width; i += width)
            TFunction.Apply(new Vector<float>(x[i..])).CopyTo(target[i..]);
        if (i == x.Length)
            return;
        Span<float> tail = stackalloc float[width];
        tail.Clear();
        x[i..].CopyTo(tail);
        TFunction.Apply(new Vector<float>(tail)).CopyTo(tail);
        tail[..(x.Length - i)].CopyTo(target[i..]);
    }

    /// <summary>target = grad · TFunction(x).</summary>
    public static void Chain<TFunction>(ReadOnlySpan<float> x, ReadOnlySpan<float> grad, Span<float> target) where TFunction : IVectorFunction
    {
        Map<TFunction>(x, target);
        System.Numerics.Tensors.TensorPrimitives.Multiply(target, grad, target);
    }

    /// <summary>exp(-x²).</summary>
    internal static Vector<float> Bell(Vector<float> x) => Vector.Exp(-(x * x));
}

/// <summary>Error function: Taylor's series below 1, Abramowitz and Stegun 7.1.26 above; about 2e-7 relative.</summary>
internal readonly struct Erf : IVectorFunction
{
    private const int Terms = 11;
    private static readonly float[] Series = CreateSeries();

    public static Vector<float> Apply(Vector<float> x)
    {
        Vector<float> magnitude = Vector.Abs(x);
        Vector<float> square = magnitude * magnitude;
        Vector<float> near = new(Series[Terms - 1]);
        for (int n = Terms - 2; n >= 0; n--)
            near = Vector.MultiplyAddEstimate(near, square, new(Series[n]));
        near *= magnitude;

        Vector<float> t = Vector<float>.One / Vector.MultiplyAddEstimate(new(0.3275911f), magnitude, Vector<float>.One);
        Vector<float> polynomial = Vector.MultiplyAddEstimate(new(1.061405429f), t, new(-1.453152027f));
        polynomial = Vector.MultiplyAddEstimate(polynomial, t, new(1.421413741f));
        polynomial = Vector.MultiplyAddEstimate(polynomial, t, new(-0.284496736f));
        polynomial = Vector.MultiplyAddEstimate(polynomial, t, new(0.254829592f)) * t;
        Vector<float> far = Vector<float>.One - (polynomial * ActivationKernels.Bell(magnitude));

        return Vector.CopySign(Vector.ConditionalSelect(Vector.LessThan(magnitude, Vector<float>.One), near, far), x);
    }

    private static float[] CreateSeries()
    {
        var series = new float[Terms];
        double factorial = 1;
        for (int n = 0; n < Terms; n++)
        {
            factorial *= Math.Max(n, 1);
            series[n] = (float)(2 / Math.Sqrt(Math.PI) * (n % 2 == 0 ? 1 : -1) / (factorial * ((2 * n) + 1)));
        }

        return series;
    }
}

internal readonly struct ErfDerivative : IVectorFunction
{
    private static readonly float Scale = (float)(2 / Math.Sqrt(Math.PI));

    public static Vector<float> Apply(Vector<float> x) => Scale * ActivationKernels.Bell(x);
}

internal readonly struct Gelu : IVectorFunction
{
    internal static readonly float InverseRoot2 = (float)Math.Sqrt(0.5);

    public static Vector<float> Apply(Vector<float> x) => x * Cdf(x);

    internal static Vector<float> Cdf(Vector<float> x) => 0.5f * (Vector<float>.One + Erf.Apply(x * InverseRoot2));
}

internal readonly struct GeluDerivative : IVectorFunction
{
    private static readonly float InverseRoot2Pi = (float)(1 / Math.Sqrt(2 * Math.PI));

    public static Vector<float> Apply(Vector<float> x) => Gelu.Cdf(x) + (x * InverseRoot2Pi * ActivationKernels.Bell(x * Gelu.InverseRoot2));
}

/// <summary>0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³))), which is x · sigmoid(2 · inner).</summary>
internal readonly struct GeluTanh : IVectorFunction
{
    private const float Cubic = 0.044715f;
    private static readonly float Scale = (float)(2 * Math.Sqrt(2 / Math.PI));

    public static Vector<float> Apply(Vector<float> x) => x * Gate(x);

    internal static Vector<float> Gate(Vector<float> x) => Sigmoid.Apply(Scale * (x + (Cubic * x * x * x)));

    internal static Vector<float> Slope(Vector<float> x) => Scale * (Vector<float>.One + (3 * Cubic * x * x));
}

internal readonly struct GeluTanhDerivative : IVectorFunction
{
    public static Vector<float> Apply(Vector<float> x)
    {
        Vector<float> gate = GeluTanh.Gate(x);
        return gate + (x * gate * (Vector<float>.One - gate) * GeluTanh.Slope(x));
    }
}

internal readonly struct Sigmoid : IVectorFunction
{
    public static Vector<float> Apply(Vector<float> x) => Vector<float>.One / (Vector<float>.One + Vector.Exp(-x));
}

internal readonly struct Silu : IVectorFunction
{
    public static Vector<float> Apply(Vector<float> x) => x * Sigmoid.Apply(x);
}

internal readonly struct SiluDerivative : IVectorFunction
{
    public static Vector<float> Apply(Vector<float> x)
    {
        Vector<float> gate = Sigmoid.Apply(x);
        return gate * (Vector<float>.One + (x * (Vector<float>.One - gate)));
    }
}

internal readonly struct Relu : IVectorFunction
{
    public static Vector<float> Apply(Vector<float> x) => Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), Vector<float>.Zero, x);
}

internal readonly struct Step : IVectorFunction
{
    public static Vector<float> Apply(Vector<float> x)
        => Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), Vector<float>.One, Vector<float>.Zero);
}
