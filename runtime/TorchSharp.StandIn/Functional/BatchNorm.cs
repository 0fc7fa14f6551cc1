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
            /// <summary>Over [N, C, …]: each channel by the statistics of the batch (training) or the running ones.</summary>
            public static Tensor batch_norm(
                Tensor input,
                Tensor? running_mean,
                Tensor? running_var,
                Tensor? weight = null,
                Tensor? bias = null,
                bool training = false,
                double momentum = 0.1,
                double eps = 1e-05)
            {
                if (!training && (running_mean is null || running_var is null))
                    throw Shapes.Error("Expected running_mean and running_var to be defined when training=False");
                using Tensor x = input.FloatRun();
                var shape = new BatchShape(input.Impl.Shape);
                if (training && shape.Count <= 1)
                    throw new ArgumentException($"Expected more than 1 value per channel when training, got input size [{string.Join(", ", input.shape)}]");
                Tensor result = empty(input.Impl.Shape);
                using Tensor statistics = empty(shape.Channels, 2);
                using Tensor? w = weight?.FloatRun();
                using Tensor? b = bias?.FloatRun();
                Span<float> kept = statistics.Impl.Span<float>();
                for (int c = 0; c < shape.Channels; c++)
                {
                    (double mean, double variance) = training
                        ? ChannelMoments(x, shape, c)
                        : (running_mean!.Impl.Span<float>()[c], running_var!.Impl.Span<float>()[c]);
                    if (training)
                        Follow(running_mean, running_var, c, mean, variance * shape.Count / (shape.Count - 1), momentum);
                    (kept[2 * c], kept[(2 * c) + 1]) = ((float)mean, (float)(1 / Math.Sqrt(variance + eps)));
                    float scale = kept[(2 * c) + 1] * (w is null ? 1 : w.Impl.Span<float>()[c]);
                    float shift = b is null ? 0 : b.Impl.Span<float>()[c];
                    for (int n = 0; n < shape.Batch; n++)
                    {
                        Span<float> to = shape.Run(result.Impl.Span<float>(), n, c);
                        NormKernels.Centre(shape.Run(x.Impl.Span<float>(), n, c), kept[2 * c], scale, to);
                        TensorPrimitives.Add(to, shift, to);
                    }
                }

                running_mean?.Impl.Buffer.Touch();
                running_var?.Impl.Buffer.Touch();
                return Graph.Record(result, "batch_norm", [input, weight, bias], [input, weight, statistics], (node, grad) => BatchNormGrad(node, grad, shape, training));
            }

            private static (double Mean, double Variance) ChannelMoments(Tensor x, BatchShape shape, int channel)
            {
                double sum = 0;
                for (int n = 0; n < shape.Batch; n++)
                    sum += TensorPrimitives.Sum<float>(shape.Run(x.Impl.Span<float>(), n, channel));
                double mean = sum / shape.Count;
                var scratch = new float[shape.Length];
                double squares = 0;
                for (int n = 0; n < shape.Batch; n++)
                {
                    TensorPrimitives.Subtract(shape.Run(x.Impl.Span<float>(), n, channel), (float)mean, scratch);
                    squares += TensorPrimitives.SumOfSquares<float>(scratch);
                }

                return (mean, squares / shape.Count);
            }

            private static void Follow(Tensor? means, Tensor? variances, int channel, double mean, double variance, double momentum)
            {
                if (means is not null)
                    means.Impl.Span<float>()[channel] = (float)(((1 - momentum) * means.Impl.Span<float>()[channel]) + (momentum * mean));
                if (variances is not null)
                    variances.Impl.Span<float>()[channel] = (float)(((1 - momentum) * variances.Impl.Span<float>()[channel]) + (momentum * variance));
            }

            private static void BatchNormGrad(OpNode node, Tensor grad, BatchShape shape, bool training)
            {
                using Tensor x = node[0].FloatRun();
                using Tensor g = grad.FloatRun();
                using Tensor? weight = node.SavedOrNull(1)?.FloatRun();
                ReadOnlySpan<float> statistics = node[2].Impl.Span<float>();
                Tensor inputGrad = empty(x.Impl.Shape);
                Tensor weightGrad = empty(shape.Channels);
                Tensor biasGrad = empty(shape.Channels);
                var normalised = new float[shape.Length];
                for (int c = 0; c < shape.Channels; c++)
                {
                    (float mean, float deviation) = (statistics[2 * c], statistics[(2 * c) + 1]);
                    (double sum, double product) = (0, 0);
                    for (int n = 0; n < shape.Batch; n++)
                    {
                        ReadOnlySpan<float> run = shape.Run(g.Impl.Span<float>(), n, c);
                        NormKernels.Centre(shape.Run(x.Impl.Span<float>(), n, c), mean, deviation, normalised);
                        sum += TensorPrimitives.Sum(run);
                        product += TensorPrimitives.Dot(run, normalised);
                    }

                    weightGrad.Impl.Span<float>()[c] = (float)product;
                    biasGrad.Impl.Span<float>()[c] = (float)sum;
                    float scale = deviation * (weight is null ? 1 : weight.Impl.Span<float>()[c]);
                    for (int n = 0; n < shape.Batch && node.Needs(0); n++)
                    {
                        ReadOnlySpan<float> run = shape.Run(g.Impl.Span<float>(), n, c);
                        Span<float> to = shape.Run(inputGrad.Impl.Span<float>(), n, c);
                        NormKernels.Centre(shape.Run(x.Impl.Span<float>(), n, c), mean, deviation, normalised);
                        if (training)
                            NormKernels.Through(run, normalised, (float)(sum / shape.Count), (float)(product / shape.Count), scale, to);
                        else
                            TensorPrimitives.Multiply(run, scale, to);
                    }
                }

                node.Give(0, inputGrad);
                node.Give(1, weightGrad);
                node.Give(2, biasGrad);
            }

            /// <summary>[N, C, …] as batch, channels and the run of one channel in one sample.</summary>
            private readonly struct BatchShape(long[] shape)
            {
                public int Batch { get; } = (int)shape[0];

                public int Channels { get; } = (int)shape[1];

                public int Length { get; } = (int)Shapes.Numel(shape.AsSpan(2));

                public long Count => (long)Batch * Length;

                public Span<float> Run(Span<float> values, int sample, int channel)
                    => values.Slice(((sample * Channels) + channel) * Length, Length);
            }
        }
    }
}
