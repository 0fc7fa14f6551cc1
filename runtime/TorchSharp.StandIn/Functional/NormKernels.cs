using System.Numerics.Tensors;

namespace TorchSharp.Ops;

/// <summary>The arithmetic that layer and batch normalisation share, on runs of elements.</summary>
internal static class NormKernels
{
    /// <summary>target = (x − mean) · scale.</summary>
    public static void Centre(ReadOnlySpan<float> x, float mean, float scale, Span<float> target)
    {
        TensorPrimitives.Subtract(x, mean, target);
        TensorPrimitives.Multiply(target, scale, target);
    }

    public static (float Mean, float Variance) Moments(ReadOnlySpan<float> x, Span<float> scratch)
    {
        float mean = TensorPrimitives.Sum(x) / x.Length;
        TensorPrimitives.Subtract(x, mean, scratch);
        return (mean, TensorPrimitives.SumOfSquares<float>(scratch) / x.Length);
    }

    /// <summary>target = scale · (grad − meanGrad − normalised · meanProduct): the gradient through mean and variance.</summary>
    public static void Through(ReadOnlySpan<float> grad, Span<float> normalised, float meanGrad, float meanProduct, float scale, Span<float> target)
    {
        TensorPrimitives.Multiply(normalised, -meanProduct, normalised);
        TensorPrimitives.Add(normalised, grad, target);
        TensorPrimitives.Subtract(target, meanGrad, target);
        TensorPrimitives.Multiply(target, scale, target);
    }
}
