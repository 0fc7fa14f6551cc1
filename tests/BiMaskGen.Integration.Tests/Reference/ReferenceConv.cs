using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;

namespace BiMaskGen.Integration.Tests.Reference;

/// <summary>
/// One convolution under Bi-Mask as its definition says, in plain loops and double precision, on the weights that the layer holds when this is made: groups
/// of M input channels at every tap of the kernel, or of M entries of (in_channels, kh, kw). A row is an image of height 1.
/// </summary>
internal sealed class ReferenceConv
{
    private readonly int _channels, _kernelHeight, _kernelWidth;
    private readonly int[] _stride, _dilation, _top, _image, _outputs;
    private readonly int _batch;
    private readonly double[] _x;
    private readonly Act _activation;

    public ReferenceConv(OneConv model, Tensor x)
    {
        Convolution layer = model.Layer;
        int axes = layer.kernel_size.Length;
        NMPattern pattern = model.Side.Pattern;
        bool flattened = model.Side.Options.Grouping == ConvGrouping.Flattened;
        Weight = Values.Of(layer.weight);
        (Out, _channels) = ((int)layer.weight.shape[0], (int)layer.weight.shape[1]);
        (_kernelHeight, _kernelWidth) = (axes == 1 ? 1 : (int)layer.weight.shape[2], (int)layer.weight.shape[^1]);
        (_stride, _dilation) = (Both(layer.stride, 1), Both(layer.dilation, 1));
        _batch = x.dim() == axes + 2 ? (int)x.shape[0] : 1;
        _image = Both(x.shape[^axes..], 1);
        int[] kernel = [_kernelHeight, _kernelWidth];
        int[] spans = [.. Enumerable.Range(0, 2).Select(axis => (_dilation[axis] * (kernel[axis] - 1)) + 1)];
        int[] total = layer.padding is { } zeros ? Array.ConvertAll(Both(zeros, 0), z => 2 * z)
            : layer.padding_type == TorchSharp.Padding.Same ? Array.ConvertAll(spans, span => span - 1) : [0, 0];
        _top = Array.ConvertAll(total, t => t / 2);
        _outputs = [.. Enumerable.Range(0, 2).Select(axis => ((_image[axis] + total[axis] - spans[axis]) / _stride[axis]) + 1)];
        _x = Values.Doubles(x);
        _activation = model.Activation;

        int taps = _kernelHeight * _kernelWidth, columns = _channels * taps;
        Forward = ReferenceMasks.OfConvolution(Weight, Out, _channels, taps, pattern.N, pattern.M, flattened);
        Backward = model.Side.Permutation is { } permutation
            ? ReferenceMasks.Backward(Weight, Forward, Out, columns, pattern.N, pattern.M, permutation)
            : [];
        Z = new double[_batch * Out * _outputs[0] * _outputs[1]];
        int positions = _outputs[0] * _outputs[1];
        float[]? bias = layer.bias is { } b ? Values.Of(b) : null;
        for (int i = 0; i < Z.Length; i++)
        {
            Z[i] = bias?[i / positions % Out] ?? 0;
        }

        Visit((input, weight, output) => Z[output] += Forward[weight] ? _x[input] * Weight[weight] : 0);
    }

    public int Out { get; }

    public float[] Weight { get; }

    public bool[] Forward { get; }

    public bool[] Backward { get; }

    /// <summary>The values before the activation.</summary>
    public double[] Z { get; }

    public double[] Output => Array.ConvertAll(Z, z => _activation switch { Act.Relu => Math.Max(z, 0), Act.Gelu => Gelu.Value(z), _ => z });

    /// <summary>
    /// dX, dW with the decay, and db of a gradient of the output. Which inputs of relu lie above zero is read off the output: within rounding of zero either
    /// would be right.
    /// </summary>
    public (double[] Input, double[] Weight, double[] Bias) Gradients(double[] g, float[] output, double decay = 2e-4)
    {
        double[] before = [.. g.Select((value, i) => value * (_activation switch { Act.Relu => output[i] > 0 ? 1 : 0, Act.Gelu => Gelu.Derivative(Z[i]), _ => 1 }))];
        double[] dx = new double[_x.Length], db = new double[Out], dw = [.. Weight.Select((w, i) => Forward[i] ? 0 : decay * w)];
        Visit((i, w, o) =>
        {
            dx[i] += Backward[w] ? before[o] * Weight[w] : 0;
            dw[w] += before[o] * _x[i];
        });
        for (int i = 0; i < before.Length; i++)
        {
            db[i / (_outputs[0] * _outputs[1]) % Out] += before[i];
        }

        return (dx, dw, db);
    }

    private void Visit(Action<int, int, int> product)
    {
        int place = 0;
        for (int b = 0; b < _batch; b++)
        {
            for (int o = 0; o < Out; o++)
            {
                for (int i = 0; i < _outputs[0]; i++)
                {
                    for (int j = 0; j < _outputs[1]; j++, place++)
                    {
                        VisitWindow(b, o, i, j, place, product);
                    }
                }
            }
        }
    }

    private void VisitWindow(int b, int o, int i, int j, int place, Action<int, int, int> product)
    {
        for (int c = 0; c < _channels; c++)
        {
            for (int u = 0; u < _kernelHeight; u++)
            {
                for (int v = 0; v < _kernelWidth; v++)
                {
                    int row = (i * _stride[0]) + (u * _dilation[0]) - _top[0], column = (j * _stride[1]) + (v * _dilation[1]) - _top[1];
                    if (row >= 0 && row < _image[0] && column >= 0 && column < _image[1])
                    {
                        product((((((b * _channels) + c) * _image[0]) + row) * _image[1]) + column,
                            (((((o * _channels) + c) * _kernelHeight) + u) * _kernelWidth) + v, place);
                    }
                }
            }
        }
    }

    private static int[] Both(long[] values, int first) => values.Length == 1 ? [first, (int)values[0]] : [(int)values[0], (int)values[1]];
}
