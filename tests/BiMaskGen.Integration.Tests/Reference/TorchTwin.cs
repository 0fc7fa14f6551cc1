using BiMaskGen.Integration.Tests.Harness;

namespace BiMaskGen.Integration.Tests.Reference;

/// <summary>
/// Bi-Mask's arithmetic as a graph of torch's operators on a layer's own parameters, for models that the plain loops cannot follow:
/// every term has the value or the gradient it should, and nothing of the other.
/// </summary>
internal sealed class TorchTwin(int n, int m, int[] permutation)
{
    private Tensor? _decay;

    /// <summary>Σ λ/2 (1−Mf)⊙W² over the calls: its gradient is the decay.</summary>
    public Tensor Decay => _decay ?? throw new InvalidOperationException("no product was computed yet");

    public Tensor Product(Linear layer, Tensor x)
    {
        Parameter w = layer.weight;
        Tensor y = Masked(w, ReferenceMasks.Forward(Values.Of(w), (int)w.shape[0], (int)w.shape[1], n, m), x, static (input, weight) => input.matmul(weight.t()));
        return layer.bias is { } bias ? y + bias : y;
    }

    public Tensor Product(Convolution layer, Tensor x, bool flattened)
    {
        Parameter w = layer.weight;
        bool[] forward = ReferenceMasks.OfConvolution(Values.Of(w), (int)w.shape[0], (int)w.shape[1], (int)w.shape[2..].Aggregate(1L, (a, b) => a * b), n, m, flattened);
        Tensor y = Masked(w, forward, x, (input, weight) => layer is Conv1d
            ? functional.conv1d(input, weight, null, layer.stride[0], layer.padding![0], layer.dilation[0])
            : functional.conv2d(input, weight, null, layer.stride, layer.padding, layer.dilation));
        return layer.bias is { } bias ? y + bias.reshape([1, -1, .. Enumerable.Repeat(1L, (int)w.dim() - 2)]) : y;
    }

    private Tensor Masked(Parameter w, bool[] forward, Tensor x, Func<Tensor, Tensor, Tensor> product)
    {
        int rows = (int)w.shape[0], columns = (int)(w.numel() / rows);
        float[] values = Values.Of(w);
        bool[] backward = ReferenceMasks.Backward(values, forward, rows, columns, n, m, permutation);
        Tensor mf = Mask(forward, w), mb = Mask(backward, w);

        // The value and the dense weight gradient; then a zero that carries the input gradient.
        Tensor straight = w + ((w * mf) - w).detach();
        Tensor y = product(x.detach(), straight);
        Tensor carrier = product(x, (w * mb).detach());
        y = y + (carrier - carrier.detach());
        Tensor pruned = w * (1 - mf);
        _decay = (pruned * pruned).sum() * (2e-4 / 2);
        return y;
    }

    private static Tensor Mask(bool[] mask, Tensor like) => Values.ToTensor(Array.ConvertAll(mask, k => k ? 1f : 0f), like.shape);
}
