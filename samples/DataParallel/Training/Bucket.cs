using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DataParallel;

/// <summary>Exchanges many tensors in one message: they lie one behind the other in a buffer of the bucket's.</summary>
internal sealed class Bucket(IRanks ranks)
{
    private float[] _values = [];

    /// <summary>Replaces float32 CPU tensors by their mean over all ranks.</summary>
    public void Average(IReadOnlyList<Tensor> tensors) => Exchange(tensors, values =>
    {
        ranks.Sum(values);
        foreach (ref float value in values)
        {
            value /= ranks.Size;
        }
    });

    /// <summary>Replaces float32 CPU tensors by those of rank 0.</summary>
    public void Broadcast(IReadOnlyList<Tensor> tensors) => Exchange(tensors, ranks.Broadcast);

    private void Exchange(IReadOnlyList<Tensor> tensors, Action<Span<float>> exchange)
    {
        if (ranks.Size == 1)
        {
            return;
        }

        int length = checked((int)tensors.Sum(t => t.numel()));
        Array.Resize(ref _values, length);
        int at = 0;
        foreach (Tensor tensor in tensors)
        {
            Floats(tensor).CopyTo(_values.AsSpan(at));
            at += (int)tensor.numel();
        }

        exchange(_values);
        at = 0;
        foreach (Tensor target in tensors)
        {
            // Through torch, so that it knows of the change.
            int count = (int)target.numel();
            using Tensor mean = tensor(_values[at..(at + count)]).reshape(target.shape);
            using IDisposable off = no_grad();
            target.copy_(mean);
            at += count;
        }
    }

    private static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
