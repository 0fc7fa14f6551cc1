using TorchSharp.Autograd;

namespace TorchSharp;

/// <summary>What all handles of one tensor share: a window on a buffer, and its place in the autograd graph.</summary>
internal sealed class TensorImpl
{
    private static long lastId;
    private int references = 1;
    private nint native;

    /// <summary>Takes over one reference to <paramref name="buffer"/>.</summary>
    public TensorImpl(TensorBuffer buffer, torch.ScalarType dtype, long[] shape, long[] strides, long offset)
    {
        Buffer = buffer;
        Dtype = dtype;
        Shape = shape;
        Strides = strides;
        Offset = offset;
        Numel = Shapes.Numel(shape);
        IsContiguous = Shapes.IsContiguous(shape, strides);
    }

    /// <summary>Identity for <c>Handle</c>; never zero.</summary>
    public long Id { get; } = Interlocked.Increment(ref lastId);

    public TensorBuffer Buffer { get; }

    public torch.ScalarType Dtype { get; }

    public long[] Shape { get; }

    public long[] Strides { get; }

    public long Offset { get; }

    public long Numel { get; }

    public bool IsContiguous { get; }

    /// <summary>Asked for by the user; only leaves have it.</summary>
    public bool LeafRequiresGrad { get; set; }

    public Node? GradFn { get; set; }

    public int OutputIndex { get; set; }

    /// <summary>Owns one reference.</summary>
    public TensorImpl? Grad { get; set; }

    public AccumulateGrad? Accumulator { get; set; }

    /// <summary>A view whose base takes part in autograd: in-place changes of it would have to rewrite the base's history.</summary>
    public bool IsDifferentiableView { get; set; }

    public bool RequiresGrad => LeafRequiresGrad || GradFn is not null;

    /// <summary>Nobody else can see the memory.</summary>
    public bool IsExclusive => Volatile.Read(ref references) == 1 && Buffer.References == 1;

    public static TensorImpl Allocate(torch.ScalarType dtype, long[] shape, bool clear = false)
    {
        foreach (long size in shape)
        {
            if (size < 0)
                throw Shapes.Error($"Trying to create tensor with negative dimension {size}: [{string.Join(", ", shape)}]");
        }

        long bytes = checked(Shapes.Numel(shape) * dtype.ElementSize());
        return new(TensorBuffer.Allocate(bytes, clear), dtype, shape, Shapes.ContiguousStrides(shape), 0);
    }

    /// <summary>Another window on the same memory, outside the graph.</summary>
    public TensorImpl Window(long[] shape, long[] strides, long offset)
    {
        Buffer.AddReference();
        return new(Buffer, Dtype, shape, strides, offset);
    }

    /// <summary>Where <see cref="PretendGpu"/> keeps what it shows of this tensor.</summary>
    public ref nint Native => ref native;

    public TensorImpl AddReference()
    {
        Interlocked.Increment(ref references);
        return this;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref references) != 0)
            return;
        Buffer.Release();
        PretendGpu.Forget(ref native);
        Grad?.Release();
        Grad = null;
    }

    /// <summary>The elements of a contiguous tensor.</summary>
    public Span<T> Span<T>() where T : unmanaged
    {
        if (!IsContiguous)
            throw new InvalidOperationException("Only a contiguous tensor is one span of memory.");
        return Buffer.Span<T>(Offset, Numel);
    }

    /// <summary>From the first element to the last one reached by the strides.</summary>
    public Span<T> Extent<T>() where T : unmanaged
    {
        long extent = 1;
        for (int i = 0; i < Shape.Length; i++)
            extent += (Shape[i] - 1) * Strides[i];
        return Buffer.Span<T>(Offset, Numel == 0 ? 0 : extent);
    }
}
