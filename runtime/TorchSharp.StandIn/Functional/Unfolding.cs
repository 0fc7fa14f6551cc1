using TorchSharp.Autograd;
using TorchSharp.Ops;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>[N, C, H, W] to the windows that a convolution sees, [N, C · kh · kw, positions].</summary>
            public static Tensor unfold(
                Tensor input,
                (long, long) kernel_size,
                (long, long)? dilation = null,
                (long, long)? padding = null,
                (long, long)? stride = null)
            {
                if (input.ndim != 4)
                    throw Shapes.Error($"unfold needs [N, C, H, W], not [{string.Join(", ", input.shape)}]");
                Window2d window = Window(kernel_size, dilation, padding, stride, (input.size(2), input.size(3)));
                using Tensor x = input.FloatRun();
                Tensor result = Unfolded(x, window);
                (long, long) size = (window.Height, window.Width);
                return Graph.Record(result, "unfold", [input], [], (node, grad) => node.Give(0, fold(grad, size, kernel_size, dilation, padding, stride)));
            }

            public static Tensor unfold(Tensor input, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) =>
                unfold(input, (kernel_size, kernel_size), (dilation, dilation), (padding, padding), (stride, stride));

            /// <summary>The adjoint of unfold: adds the windows back to where they came from.</summary>
            public static Tensor fold(
                Tensor input,
                (long, long) output_size,
                (long, long) kernel_size,
                (long, long)? dilation = null,
                (long, long)? padding = null,
                (long, long)? stride = null)
            {
                Window2d window = Window(kernel_size, dilation, padding, stride, output_size);
                long taps = window.KernelY * window.KernelX;
                if (input.ndim != 3 || input.size(1) % taps != 0 || input.size(2) != window.OutSize)
                    throw Shapes.Error($"fold needs [N, C * {taps}, {window.OutSize}], not [{string.Join(", ", input.shape)}]");
                using Tensor columns = input.FloatRun();
                int channels = (int)(input.size(1) / taps), image = channels * window.Height * window.Width, part = (int)input.size(1) * window.OutSize;
                Tensor result = zeros([input.size(0), channels, window.Height, window.Width]);
                for (int sample = 0; sample < input.size(0); sample++)
                    window.Fold(columns.Impl.Span<float>().Slice(sample * part, part), channels, result.Impl.Span<float>().Slice(sample * image, image));
                return Graph.Record(result, "fold", [input], [], (node, grad) => node.Give(0, unfold(grad, kernel_size, dilation, padding, stride)));
            }

            public static Tensor fold(Tensor input, long output_size, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) =>
                fold(input, (output_size, output_size), (kernel_size, kernel_size), (dilation, dilation), (padding, padding), (stride, stride));

            private static Window2d Window(
                (long, long) kernel, (long, long)? dilation, (long, long)? padding, (long, long)? stride, (long Height, long Width) size) =>
                new(Pair(kernel), Pair(stride ?? (1, 1)), Pair(padding ?? (0, 0)), Pair(dilation ?? (1, 1)), false, (int)size.Height, (int)size.Width);

            private static long[] Pair((long First, long Second) pair) => [pair.First, pair.Second];

            private static Tensor Unfolded(Tensor images, Window2d window)
            {
                int channels = (int)images.size(1), image = channels * window.Height * window.Width;
                int part = channels * window.KernelY * window.KernelX * window.OutSize;
                Tensor result = empty([images.size(0), part / window.OutSize, window.OutSize]);
                for (int sample = 0; sample < images.size(0); sample++)
                    window.Unfold(images.Impl.Span<float>().Slice(sample * image, image), channels, result.Impl.Span<float>().Slice(sample * part, part));
                return result;
            }
        }
    }
}
