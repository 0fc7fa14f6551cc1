using TorchSharp.Autograd;
using TorchSharp.Ops;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor conv2d(
                Tensor input,
                Tensor weight,
                Tensor? bias = null,
                long[]? strides = null,
                long[]? padding = null,
                long[]? dilation = null,
                long groups = 1)
            {
                if (input.ndim == 3)
                {
                    using Tensor batch = input.unsqueeze(0);
                    using Tensor batched = conv2d(batch, weight, bias, strides, padding, dilation, groups);
                    return batched.squeeze(0);
                }

                if (input.ndim != 4 || weight.ndim != 4 || input.size(1) != weight.size(1) * groups || weight.size(0) % groups != 0)
                    throw Shapes.Error($"Given groups={groups}, weight of size [{string.Join(", ", weight.shape)}] does not fit the input [{string.Join(", ", input.shape)}]");
                var window = new Window2d(weight.Impl.Shape[2..], strides ?? [1], padding, dilation, false, (int)input.size(2), (int)input.size(3));
                var shape = new ConvShape(input, weight, (int)groups, window);
                using Tensor x = input.FloatRun();
                using Tensor w = weight.FloatRun();
                Tensor result = empty([shape.Batch, shape.Outputs, window.OutHeight, window.OutWidth]);
                Span<float> y = result.Impl.Span<float>();
                using Columns columns = new(shape);
                for (int part = 0; part < shape.Batch * shape.Groups; part++)
                {
                    ReadOnlySpan<float> unfolded = columns.Of(x.Impl.Span<float>(), part);
                    Products.Gemm(false, false, shape.GroupOutputs, window.OutSize, shape.Taps, 1, shape.Weights(w.Impl.Span<float>(), part), shape.Taps, unfolded, window.OutSize, 0, shape.OutputPart(y, part), window.OutSize);
                }

                if (bias is not null)
                {
                    using Tensor b = bias.FloatRun();
                    for (int i = 0; i < shape.Batch * shape.Outputs; i++)
                    {
                        Span<float> plane = y.Slice(i * window.OutSize, window.OutSize);
                        System.Numerics.Tensors.TensorPrimitives.Add(plane, b.Impl.Span<float>()[i % shape.Outputs], plane);
                    }
                }

                return Graph.Record(result, "conv2d", [input, weight, bias], [input, weight], (node, grad) => ConvGrad(node, grad, shape));
            }

            private static void ConvGrad(OpNode node, Tensor grad, ConvShape shape)
            {
                Window2d window = shape.Window;
                using Tensor x = node[0].FloatRun();
                using Tensor w = node[1].FloatRun();
                using Tensor g = grad.FloatRun();
                Tensor inputGrad = zeros(x.Impl.Shape);
                Tensor weightGrad = zeros(w.Impl.Shape);
                using Columns columns = new(shape);
                for (int part = 0; part < shape.Batch * shape.Groups; part++)
                {
                    ReadOnlySpan<float> output = shape.OutputPart(g.Impl.Span<float>(), part);
                    if (node.Needs(1))
                    {
                        ReadOnlySpan<float> unfolded = columns.Of(x.Impl.Span<float>(), part);
                        Products.Gemm(false, true, shape.GroupOutputs, shape.Taps, window.OutSize, 1, output, window.OutSize, unfolded, window.OutSize, 1, shape.Weights(weightGrad.Impl.Span<float>(), part), shape.Taps);
                    }

                    if (node.Needs(0))
                    {
                        Products.Gemm(true, false, shape.Taps, window.OutSize, shape.GroupOutputs, 1, shape.Weights(w.Impl.Span<float>(), part), shape.Taps, output, window.OutSize, 0, columns.Memory, window.OutSize);
                        window.Fold(columns.Memory, shape.GroupInputs, shape.InputPart(inputGrad.Impl.Span<float>(), part));
                    }
                }

                node.Give(0, inputGrad);
                node.Give(1, weightGrad);
                if (node.Needs(2))
                    node.Give(2, grad.sum([0, 2, 3]));
            }

            /// <summary>Sizes of a grouped convolution; a part is one group of one sample.</summary>
            private sealed class ConvShape(Tensor input, Tensor weight, int groups, Window2d window)
            {
                public Window2d Window { get; } = window;

                public int Batch { get; } = (int)input.size(0);

                public int Groups { get; } = groups;

                public int Outputs { get; } = (int)weight.size(0);

                public int GroupInputs { get; } = (int)weight.size(1);

                public int GroupOutputs => Outputs / Groups;

                public int Taps => GroupInputs * Window.KernelY * Window.KernelX;

                public Span<float> Weights(Span<float> weights, int part) => weights.Slice(part % Groups * GroupOutputs * Taps, GroupOutputs * Taps);

                public Span<float> InputPart(Span<float> values, int part)
                {
                    int size = GroupInputs * Window.Height * Window.Width;
                    return values.Slice(part * size, size);
                }

                public Span<float> OutputPart(Span<float> values, int part)
                    => values.Slice(part * GroupOutputs * Window.OutSize, GroupOutputs * Window.OutSize);
            }

            /// <summary>Scratch for the columns of one part; a pointwise convolution reads the image as it is.</summary>
            private sealed class Columns(ConvShape shape) : IDisposable
            {
                private readonly TensorImpl scratch = TensorImpl.Allocate(ScalarType.Float32, [shape.Taps, shape.Window.OutSize]);

                public Span<float> Memory => scratch.Span<float>();

                public ReadOnlySpan<float> Of(Span<float> images, int part)
                {
                    Span<float> image = shape.InputPart(images, part);
                    if (shape.Window.IsPointwise)
                        return image;
                    shape.Window.Unfold(image, shape.GroupInputs, Memory);
                    return Memory;
                }

                public void Dispose() => scratch.Release();
            }

            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
            {
                if (mode is not (PaddingModes.Constant or PaddingModes.Zeros))
                    throw new NotSupportedException($"The managed stand-in of TorchSharp pads with a constant only, not with {mode}.");
                long[] shape = input.shape;
                var starts = new long[shape.Length];
                for (int i = 0; i < pad.Length / 2; i++)
                {
                    starts[^(i + 1)] = pad[2 * i];
                    shape[^(i + 1)] += pad[2 * i] + pad[(2 * i) + 1];
                }

                long[] inner = input.Impl.Shape;
                Tensor result = full(shape, value, input.dtype);
                using (Tensor middle = Middle(result))
                    Copying.Copy(input.Impl, middle.Impl);
                return Graph.Record(result, "pad", [input], [], (node, grad) => node.Give(0, Middle(grad)));

                Tensor Middle(Tensor whole)
                {
                    Tensor part = whole.alias();
                    for (int d = 0; d < inner.Length; d++)
                    {
                        using Tensor before = part;
                        part = before.narrow(d, starts[d], inner[d]);
                    }

                    return part;
                }
            }
        }
    }
}
