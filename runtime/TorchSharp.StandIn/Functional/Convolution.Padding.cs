namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>A row of length L is an image of height 1.</summary>
            public static Tensor conv1d(
                Tensor input,
                Tensor weight,
                Tensor? bias = null,
                long? stride = null,
                long? padding = null,
                long? dilation = null,
                long groups = 1)
            {
                CheckRow(input, weight);
                using Tensor image = input.unsqueeze(-2);
                using Tensor kernel = weight.unsqueeze(-2);
                using Tensor result = conv2d(image, kernel, bias, [1, stride ?? 1], [0, padding ?? 0], [1, dilation ?? 1], groups);
                return result.squeeze(-2);
            }

            public static Tensor conv1d_padding(
                Tensor input,
                Tensor weight,
                Tensor? bias = null,
                long? stride = null,
                Padding padding = Padding.Valid,
                long? dilation = null,
                long groups = 1)
            {
                CheckRow(input, weight);
                using Tensor image = input.unsqueeze(-2);
                using Tensor kernel = weight.unsqueeze(-2);
                using Tensor result = conv2d_padding(image, kernel, bias, [1, stride ?? 1], padding, [1, dilation ?? 1], groups);
                return result.squeeze(-2);
            }

            public static Tensor conv2d_padding(
                Tensor input,
                Tensor weight,
                Tensor? bias = null,
                long[]? strides = null,
                Padding padding = Padding.Valid,
                long[]? dilation = null,
                long groups = 1)
            {
                if (padding == Padding.Valid)
                {
                    return conv2d(input, weight, bias, strides, [0, 0], dilation, groups);
                }

                if (strides?.Any(step => step != 1) == true)
                    throw Shapes.Error("padding='same' is not supported for strided convolutions");

                // An odd total pads one more after than before, as torch does.
                long[] total = [.. Enumerable.Range(0, 2).Select(axis => (dilation?[axis] ?? 1) * (weight.size(axis + 2) - 1))];
                if (total[0] % 2 == 0 && total[1] % 2 == 0)
                {
                    return conv2d(input, weight, bias, strides, [total[0] / 2, total[1] / 2], dilation, groups);
                }

                using Tensor padded = pad(input, [total[1] / 2, total[1] - (total[1] / 2), total[0] / 2, total[0] - (total[0] / 2)]);
                return conv2d(padded, weight, bias, strides, [0, 0], dilation, groups);
            }

            private static void CheckRow(Tensor input, Tensor weight)
            {
                if (input.ndim is not (2 or 3) || weight.ndim != 3)
                    throw Shapes.Error($"conv1d needs an input [N, C, L] or [C, L] and a weight [O, C, K], not [{string.Join(", ", input.shape)}] and [{string.Join(", ", weight.shape)}]");
            }
        }
    }
}
