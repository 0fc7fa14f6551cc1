using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean)
            {
                using Tensor difference = input.sub(target);
                using Tensor squared = difference.square();
                return Reduced(squared, reduction);
            }

            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean)
            {
                using Tensor difference = input.sub(target);
                using Tensor size = difference.abs();
                return Reduced(size, reduction);
            }

            /// <summary>Of logits [N, C, …] against class numbers [N, …].</summary>
            public static Tensor cross_entropy(
                Tensor input,
                Tensor target,
                Tensor? weight = null,
                long ignore_index = -100,
                Reduction reduction = Reduction.Mean,
                double label_smoothing = 0)
            {
                using Tensor logarithms = input.log_softmax(input.ndim == 1 ? 0 : 1);
                return ClassLoss(logarithms, target, weight, ignore_index, reduction, label_smoothing);
            }

            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
                => ClassLoss(input, target, weight, -100, reduction, 0);

            public static Tensor one_hot(Tensor x, long num_classes = -1)
            {
                using Tensor top = x.max();
                long classes = num_classes < 0 ? top.ToInt64() + 1 : num_classes;
                using Tensor at = x.unsqueeze(-1);
                using Tensor one = ones(at.Impl.Shape, ScalarType.Int64);
                return zeros([.. x.Impl.Shape, classes], ScalarType.Int64).scatter_(-1, at, one);
            }

            private static Tensor Reduced(Tensor loss, Reduction reduction) => reduction switch
            {
                Reduction.Mean => loss.mean(),
                Reduction.Sum => loss.sum(),
                _ => loss.alias(),
            };

            /// <summary>
            /// −(1 − ε) w[t] ℓ[t] − ε/C Σ w ℓ per sample, with log-probabilities ℓ; the mean is weighted by w[t]. Ignored samples count nothing.
            /// </summary>
            private static Tensor ClassLoss(Tensor logarithms, Tensor target, Tensor? weight, long ignored, Reduction reduction, double smoothing)
            {
                if (target.is_floating_point())
                    throw new NotSupportedException("The managed stand-in of TorchSharp takes class numbers as the target, not probabilities.");
                using DisposeScope scope = NewDisposeScope();
                long classes = logarithms.size(logarithms.ndim == 1 ? 0 : 1);
                Tensor rows = logarithms.ndim > 2
                    ? logarithms.flatten(2).transpose(1, 2).reshape(-1, classes)
                    : logarithms.reshape(-1, classes);
                Tensor chosen = target.reshape(-1).to_type(ScalarType.Int64).contiguous();
                if (chosen.numel() != rows.size(0))
                    throw Shapes.Error($"Expected input batch_size ({rows.size(0)}) to match target batch_size ({chosen.numel()}).");
                float[] scale = weight is null ? [.. Enumerable.Repeat(1f, (int)classes)] : weight.data<float>().ToArray();
                Tensor losses = ClassLosses(rows, chosen, scale, ignored, (float)smoothing);
                Tensor result = reduction switch
                {
                    Reduction.Sum => losses.sum(),
                    Reduction.Mean => losses.sum().div(TotalWeight(chosen, scale, ignored)),
                    _ => losses.reshape(target.Impl.Shape),
                };
                return result.MoveToOuterDisposeScope();
            }

            private static double TotalWeight(Tensor target, float[] scale, long ignored)
            {
                double total = 0;
                foreach (long t in target.Values<long>())
                    total += t == ignored ? 0 : scale[t];
                return total;
            }

            private static Tensor ClassLosses(Tensor rows, Tensor target, float[] scale, long ignored, float smoothing)
            {
                int classes = scale.Length;
                using Tensor packed = rows.FloatRun();
                ReadOnlySpan<float> x = packed.Impl.Span<float>();
                ReadOnlySpan<long> chosen = target.Values<long>();
                Tensor result = zeros(chosen.Length);
                Span<float> losses = result.Impl.Span<float>();
                for (int i = 0; i < chosen.Length; i++)
                {
                    long t = chosen[i];
                    if (t == ignored)
                        continue;
                    if ((ulong)t >= (ulong)classes)
                        throw Shapes.Error($"Target {t} is out of bounds.");
                    ReadOnlySpan<float> row = x.Slice(i * classes, classes);
                    float loss = -(1 - smoothing) * scale[t] * row[(int)t];
                    if (smoothing != 0)
                        loss -= smoothing / classes * System.Numerics.Tensors.TensorPrimitives.Dot(row, scale);
                    losses[i] = loss;
                }

                return Graph.Record(result, "class_loss", [rows], [target], (node, grad) =>
                {
                    ReadOnlySpan<long> at = node[0].Values<long>();
                    ReadOnlySpan<float> g = grad.contiguous().Values<float>();
                    Tensor gradient = zeros(at.Length, classes);
                    Span<float> to = gradient.Impl.Span<float>();
                    for (int i = 0; i < at.Length; i++)
                    {
                        if (at[i] == ignored)
                            continue;
                        Span<float> row = to.Slice(i * classes, classes);
                        if (smoothing != 0)
                            System.Numerics.Tensors.TensorPrimitives.Multiply(scale, -g[i] * smoothing / classes, row);
                        row[(int)at[i]] -= g[i] * (1 - smoothing) * scale[at[i]];
                    }

                    node.Give(0, gradient);
                });
            }
        }
    }
}
