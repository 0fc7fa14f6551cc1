using System.Numerics.Tensors;
using TorchSharp.Autograd;
using TorchSharp.Ops;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05)
            {
                if (input.ndim < normalized_shape.Length || !input.Impl.Shape.AsSpan()[^normalized_shape.Length..].SequenceEqual(normalized_shape))
                    throw Shapes.Error($"Given normalized_shape=[{string.Join(", ", normalized_shape)}], expected input with shape [*, {string.Join(", ", normalized_shape)}], but got [{string.Join(", ", input.shape)}]");
                int width = (int)Shapes.Numel(normalized_shape);
                using Tensor x = input.FloatRun();
                using Tensor? w = weight?.FloatRun();
                using Tensor? b = bias?.FloatRun();
                int rows = (int)(input.Impl.Numel / Math.Max(1, width));
                Tensor result = empty(input.Impl.Shape);

                // One (mean, 1/std) pair per row, kept for backward.
                using Tensor statistics = empty(rows, 2);
                Span<float> kept = statistics.Impl.Span<float>();
                for (int r = 0; r < rows; r++)
                {
                    ReadOnlySpan<float> row = x.Impl.Span<float>().Slice(r * width, width);
                    Span<float> to = result.Impl.Span<float>().Slice(r * width, width);
                    (float mean, float variance) = NormKernels.Moments(row, to);
                    (kept[2 * r], kept[(2 * r) + 1]) = (mean, (float)(1 / Math.Sqrt(variance + eps)));
                    TensorPrimitives.Multiply(to, kept[(2 * r) + 1], to);
                    if (w is not null)
                        TensorPrimitives.Multiply(to, w.Impl.Span<float>(), to);
                    if (b is not null)
                        TensorPrimitives.Add(to, b.Impl.Span<float>(), to);
                }

                return Graph.Record(result, "layer_norm", [input, weight, bias], [input, weight, statistics], (node, grad) => LayerNormGrad(node, grad, [.. normalized_shape]));
            }

            private static void LayerNormGrad(OpNode node, Tensor grad, long[] shape)
            {
                int width = (int)Shapes.Numel(shape);
                using Tensor x = node[0].Packed();
                using Tensor? weight = node.SavedOrNull(1)?.Packed();
                ReadOnlySpan<float> statistics = node[2].Impl.Span<float>();
                using Tensor g = grad.FloatRun();
                Tensor inputGrad = empty(x.Impl.Shape);
                Tensor weightGrad = zeros(width);
                Tensor biasGrad = zeros(width);
                var normalised = new float[width];
                var scaled = new float[width];
                for (int r = 0; r < statistics.Length / 2; r++)
                {
                    ReadOnlySpan<float> row = g.Impl.Span<float>().Slice(r * width, width);
                    float scale = statistics[(2 * r) + 1];
                    NormKernels.Centre(x.Impl.Span<float>().Slice(r * width, width), statistics[2 * r], scale, normalised);
                    if (node.Needs(1))
                        TensorPrimitives.MultiplyAdd(row, normalised, weightGrad.Impl.Span<float>(), weightGrad.Impl.Span<float>());
                    if (node.Needs(2))
                        TensorPrimitives.Add(biasGrad.Impl.Span<float>(), row, biasGrad.Impl.Span<float>());
                    if (!node.Needs(0))
                        continue;
                    row.CopyTo(scaled);
                    if (weight is not null)
                        TensorPrimitives.Multiply(row, weight.Impl.Span<float>(), scaled);
                    NormKernels.Through(
                        scaled,
                        normalised,
                        TensorPrimitives.Sum<float>(scaled) / width,
                        TensorPrimitives.Dot<float>(scaled, normalised) / width,
                        scale,
                        inputGrad.Impl.Span<float>().Slice(r * width, width));
                }

                node.Give(0, inputGrad);
                node.Give(1, weightGrad.view(shape));
                node.Give(2, biasGrad.view(shape));
            }
        }
    }
}
