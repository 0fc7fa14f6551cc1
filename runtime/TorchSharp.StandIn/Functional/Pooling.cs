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
            public static Tensor max_pool2d(Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false)
                => max_pool2d(input, [kernel_size], stride is { } s ? [s] : null, padding is { } p ? [p] : null, dilation is { } d ? [d] : null, ceil_mode);

            public static Tensor max_pool2d(
                Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false)
            {
                long[] shape = input.Impl.Shape;
                var window = new Window2d(kernel_size, strides, padding, dilation, ceil_mode, (int)shape[^2], (int)shape[^1]);
                using Tensor x = input.FloatRun();
                Tensor result = empty([.. shape[..^2], window.OutHeight, window.OutWidth]);
                Span<float> y = result.Impl.Span<float>();
                var winners = new int[y.Length];
                int plane = window.Height * window.Width;
                for (int i = 0; i < y.Length; i++)
                {
                    int start = i / window.OutSize * plane;
                    winners[i] = start + Winner(x.Impl.Span<float>().Slice(start, plane), window, i / window.OutWidth % window.OutHeight, i % window.OutWidth);
                    y[i] = x.Impl.Span<float>()[winners[i]];
                }

                return Graph.Record(result, "max_pool2d", [input], [], (node, grad) =>
                {
                    using Tensor g = grad.FloatRun();
                    Tensor whole = zeros(shape);
                    Span<float> to = whole.Impl.Span<float>();
                    ReadOnlySpan<float> from = g.Impl.Span<float>();
                    for (int i = 0; i < winners.Length; i++)
                        to[winners[i]] += from[i];
                    node.Give(0, whole);
                });
            }

            public static Tensor avg_pool2d(
                Tensor input,
                long kernel_size,
                long? stride = null,
                long padding = 0,
                bool ceil_mode = false,
                bool count_include_pad = true,
                long? divisor_override = null)
                => avg_pool2d(input, [kernel_size], stride is { } s ? [s] : null, [padding], ceil_mode, count_include_pad, divisor_override);

            public static Tensor avg_pool2d(
                Tensor input,
                long[] kernel_size,
                long[]? stride = null,
                long[]? padding = null,
                bool ceil_mode = false,
                bool count_include_pad = true,
                long? divisor_override = null)
            {
                long[] shape = input.Impl.Shape;
                var window = new Window2d(kernel_size, stride, padding, null, ceil_mode, (int)shape[^2], (int)shape[^1]);
                Interval[] rows = Interval.Sliding(window.OutHeight, window.KernelY, window.StrideY, window.PaddingY, window.Height, count_include_pad);
                Interval[] columns = Interval.Sliding(window.OutWidth, window.KernelX, window.StrideX, window.PaddingX, window.Width, count_include_pad);
                return AveragePool(input, rows, columns, divisor_override);
            }

            public static Tensor adaptive_avg_pool2d(Tensor input, long output_size) => adaptive_avg_pool2d(input, [output_size, output_size]);

            public static Tensor adaptive_avg_pool2d(Tensor input, (long, long) output_size)
                => adaptive_avg_pool2d(input, [output_size.Item1, output_size.Item2]);

            public static Tensor adaptive_avg_pool2d(Tensor input, long[] output_size)
            {
                long[] shape = input.Impl.Shape;
                return AveragePool(input, Interval.Even((int)shape[^2], (int)output_size[0]), Interval.Even((int)shape[^1], (int)output_size[^1]), null);
            }

            private static int Winner(ReadOnlySpan<float> plane, Window2d window, int oy, int ox)
            {
                int best = -1;
                for (int ky = 0; ky < window.KernelY; ky++)
                {
                    int y = (oy * window.StrideY) - window.PaddingY + (ky * window.DilationY);
                    if ((uint)y >= (uint)window.Height)
                        continue;
                    for (int kx = 0; kx < window.KernelX; kx++)
                    {
                        int x = (ox * window.StrideX) - window.PaddingX + (kx * window.DilationX);
                        if ((uint)x >= (uint)window.Width)
                            continue;
                        int at = (y * window.Width) + x;
                        if (best < 0 || plane[at] > plane[best] || float.IsNaN(plane[at]))
                            best = at;
                    }
                }

                return best;
            }

            private static Tensor AveragePool(Tensor input, Interval[] rows, Interval[] columns, long? divisor)
            {
                long[] shape = input.Impl.Shape;
                (int height, int width) = ((int)shape[^2], (int)shape[^1]);
                using Tensor x = input.FloatRun();
                Tensor result = empty([.. shape[..^2], rows.Length, columns.Length]);
                Span<float> y = result.Impl.Span<float>();
                ReadOnlySpan<float> from = x.Impl.Span<float>();
                for (int i = 0; i < y.Length; i++)
                {
                    (int start, Interval row, Interval column) = Place(i, rows, columns, height * width);
                    float sum = 0;
                    for (int r = row.Start; r < row.End; r++)
                        sum += TensorPrimitives.Sum(from.Slice(start + (r * width) + column.Start, column.End - column.Start));
                    y[i] = sum / (divisor ?? ((long)row.Count * column.Count));
                }

                return Graph.Record(result, "avg_pool2d", [input], [], (node, grad) =>
                {
                    using Tensor g = grad.FloatRun();
                    Tensor whole = zeros(shape);
                    Span<float> to = whole.Impl.Span<float>();
                    ReadOnlySpan<float> gradients = g.Impl.Span<float>();
                    for (int i = 0; i < gradients.Length; i++)
                    {
                        (int start, Interval row, Interval column) = Place(i, rows, columns, height * width);
                        float share = gradients[i] / (divisor ?? ((long)row.Count * column.Count));
                        for (int r = row.Start; r < row.End; r++)
                        {
                            Span<float> run = to.Slice(start + (r * width) + column.Start, column.End - column.Start);
                            TensorPrimitives.Add(run, share, run);
                        }
                    }

                    node.Give(0, whole);
                });
            }

            private static (int Start, Interval Row, Interval Column) Place(int output, Interval[] rows, Interval[] columns, int plane)
                => (output / (rows.Length * columns.Length) * plane, rows[output / columns.Length % rows.Length], columns[output % columns.Length]);

            /// <summary>What one output averages along one axis: entries [Start, End), counted as Count in the divisor.</summary>
            private readonly record struct Interval(int Start, int End, int Count)
            {
                public static Interval[] Sliding(int outputs, int kernel, int stride, int padding, int size, bool countPadding)
                {
                    var intervals = new Interval[outputs];
                    for (int i = 0; i < outputs; i++)
                    {
                        int start = (i * stride) - padding;
                        int end = Math.Min(start + kernel, size + padding);
                        (int first, int last) = (Math.Max(start, 0), Math.Min(end, size));
                        intervals[i] = new(first, Math.Max(first, last), countPadding ? end - start : last - first);
                    }

                    return intervals;
                }

                public static Interval[] Even(int size, int outputs)
                {
                    var intervals = new Interval[outputs];
                    for (int i = 0; i < outputs; i++)
                    {
                        (int start, int end) = (i * size / outputs, (((i + 1) * size) + outputs - 1) / outputs);
                        intervals[i] = new(start, end, end - start);
                    }

                    return intervals;
                }
            }
        }
    }
}
