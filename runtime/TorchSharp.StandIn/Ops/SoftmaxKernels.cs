using System.Numerics.Tensors;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace TorchSharp.Ops;

/// <summary>Softmax and its logarithm on rows.</summary>
internal static class SoftmaxKernels
{
    /// <summary>Along one dimension; other dimensions than the last are moved there and back.</summary>
    public static Tensor Along(Tensor source, int dim, Func<Tensor, Tensor> onRows)
    {
        if (dim >= source.Impl.Shape.Length - 1)
            return onRows(source);
        using Tensor plain = source.detach();
        using Tensor moved = plain.transpose(dim, -1);
        using Tensor result = onRows(moved);
        using Tensor back = result.transpose(dim, -1);
        return back.contiguous();
    }

    public static Tensor Rows(Tensor source, bool logarithm)
    {
        int width = source.Impl.Shape.Length == 0 ? 1 : (int)source.Impl.Shape[^1];
        return Elementwise.Map(source, (x, target) =>
        {
            for (int start = 0; start < x.Length; start += width)
            {
                if (logarithm)
                    LogSoftmax(x.Slice(start, width), target.Slice(start, width));
                else
                    Softmax(x.Slice(start, width), target.Slice(start, width));
            }
        });
    }

    public static void Softmax(ReadOnlySpan<float> x, Span<float> target)
    {
        TensorPrimitives.Subtract(x, Top(x), target);
        TensorPrimitives.Exp(target, target);
        TensorPrimitives.Multiply(target, 1 / TensorPrimitives.Sum<float>(target), target);
    }

    /// <summary>target = y (g − Σ g y), with y the softmax.</summary>
    public static void SoftmaxGrad(ReadOnlySpan<float> y, ReadOnlySpan<float> grad, Span<float> target)
    {
        float dot = TensorPrimitives.Dot(y, grad);
        TensorPrimitives.Subtract(grad, dot, target);
        TensorPrimitives.Multiply(target, y, target);
    }

    /// <summary>One rule for both: the gradient of rows, from the result.</summary>
    public static Tensor RowsGrad(Tensor result, Tensor grad, bool logarithm)
    {
        int width = result.Impl.Shape.Length == 0 ? 1 : (int)result.Impl.Shape[^1];
        return Elementwise.Zip(result, grad, (y, g, target) =>
        {
            for (int start = 0; start < y.Length; start += width)
            {
                if (logarithm)
                    LogSoftmaxGrad(y.Slice(start, width), g.Slice(start, width), target.Slice(start, width));
                else
                    SoftmaxGrad(y.Slice(start, width), g.Slice(start, width), target.Slice(start, width));
            }
        });
    }

    private static void LogSoftmax(ReadOnlySpan<float> x, Span<float> target)
    {
        float top = Top(x);
        TensorPrimitives.Subtract(x, top, target);
        TensorPrimitives.Exp(target, target);
        float log = MathF.Log(TensorPrimitives.Sum<float>(target));
        TensorPrimitives.Subtract(x, top + log, target);
    }

    private static void LogSoftmaxGrad(ReadOnlySpan<float> y, ReadOnlySpan<float> grad, Span<float> target)
    {
        float total = TensorPrimitives.Sum(grad);
        TensorPrimitives.Exp(y, target);
        TensorPrimitives.Multiply(target, -total, target);
        TensorPrimitives.Add(target, grad, target);
    }

    private static float Top(ReadOnlySpan<float> x) => TensorPrimitives.Max(x);
}
