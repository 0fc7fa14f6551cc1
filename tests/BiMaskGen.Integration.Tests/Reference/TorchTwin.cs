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
        int rows = (int)w.shape[0], columns = (int)w.shape[1];
        float[] values = Values.Of(w);
        bool[] forward = ReferenceMasks.Forward(values, rows, columns, n, m);
        bool[] backward = ReferenceMasks.Backward(values, forward, rows, columns, n, m, permutation);
        Tensor mf = Mask(forward, w), mb = Mask(backward, w);

        // The value and the dense weight gradient; then a zero that carries the input gradient.
        Tensor straight = w + ((w * mf) - w).detach();
        Tensor y = x.detach().matmul(straight.t());
        Tensor carrier = x.matmul((w * mb).detach().t());
        y = y + (carrier - carrier.detach());
        Tensor pruned = w * (1 - mf);
        _decay = (pruned * pruned).sum() * (2e-4 / 2);
        return layer.bias is { } bias ? y + bias : y;
    }

    private static Tensor Mask(bool[] mask, Tensor like) => Values.ToTensor(Array.ConvertAll(mask, k => k ? 1f : 0f), like.shape);
}
