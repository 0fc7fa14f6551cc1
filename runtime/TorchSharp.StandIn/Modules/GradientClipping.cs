using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>Scales all gradients so that their joint norm is at most <paramref name="max_norm"/>; returns the norm before.</summary>
            public static double clip_grad_norm_(IEnumerable<Modules.Parameter> tensors, double max_norm, double norm_type = 2)
            {
                using var guard = no_grad();
                List<Tensor> gradients = [.. tensors.Select(parameter => parameter.grad).OfType<Tensor>()];
                var total = 0.0;
                foreach (var gradient in gradients)
                {
                    using var packed = gradient.contiguous();
                    var values = MemoryMarshal.Cast<byte, float>(packed.bytes);
                    total = double.IsPositiveInfinity(norm_type)
                        ? Math.Max(total, values.IsEmpty ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude<float>(values)))
                        : total + SumOfPowers(values, norm_type);
                }
                if (!double.IsPositiveInfinity(norm_type))
                {
                    total = Math.Pow(total, 1 / norm_type);
                }
                var scale = Math.Min(1, max_norm / (total + 1e-6));
                foreach (var gradient in gradients)
                {
                    gradient.mul_((float)scale);
                    gradient.Dispose();
                }
                return total;
            }

            /// <summary>Clamps every gradient to [−clip_value, clip_value].</summary>
            public static void clip_grad_value_(IEnumerable<Modules.Parameter> tensors, double clip_value)
            {
                using var guard = no_grad();
                foreach (var gradient in tensors.Select(parameter => parameter.grad).OfType<Tensor>())
                {
                    gradient.clamp_((float)-clip_value, (float)clip_value);
                    gradient.Dispose();
                }
            }

            private static double SumOfPowers(ReadOnlySpan<float> values, double power)
            {
                if (power == 2)
                {
                    return TensorPrimitives.SumOfSquares(values);
                }
                var sum = 0.0;
                foreach (var value in values)
                {
                    sum += Math.Pow(Math.Abs(value), power);
                }
                return sum;
            }
        }
    }
}
