using System.Collections;

namespace TorchSharp.Utils;

/// <summary>The elements of a tensor in row-major order, whatever its strides.</summary>
public sealed class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private readonly torch.Tensor tensor;

    internal TensorAccessor(torch.Tensor tensor) => this.tensor = tensor.Share();

    public long Count => tensor.Impl.Numel;

    public bool IsReadOnly => false;

    public T this[params long[] indices]
    {
        get => tensor.Impl.Extent<T>()[Position(indices)];
        set => tensor.Impl.Extent<T>()[Position(indices)] = value;
    }

    public T[] ToArray()
    {
        var array = new T[Count];
        CopyTo(array);
        return array;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        using torch.Tensor packed = tensor.Packed();
        packed.Impl.Span<T>()[(int)tensorIndex..].CopyTo(array[arrayIndex..]);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0)
        => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        using torch.Tensor packed = tensor.Packed();
        Span<T> target = packed.Impl.Span<T>()[(int)tensorIndex..];
        ReadOnlySpan<T> source = array[arrayIndex..];
        source[..Math.Min(source.Length, target.Length)].CopyTo(target);
        if (!ReferenceEquals(packed.Impl, tensor.Impl))
            Copying.Copy(packed.Impl, tensor.Impl);
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose() => tensor.Dispose();

    private int Position(long[] indices)
    {
        if (indices.Length != tensor.Impl.Shape.Length)
            throw new ArgumentException($"{indices.Length} indices for a tensor of {tensor.Impl.Shape.Length} dimensions.");
        long position = 0;
        for (int i = 0; i < indices.Length; i++)
        {
            long size = tensor.Impl.Shape[i];
            long index = indices[i] < 0 ? indices[i] + size : indices[i];
            if (index < 0 || index >= size)
                throw new ArgumentOutOfRangeException(nameof(indices), $"Index {indices[i]} is outside of dimension {i} of size {size}.");
            position += index * tensor.Impl.Strides[i];
        }

        return (int)position;
    }
}
