using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp.Ops;

/// <summary>Reads and writes by index along one dimension, outside the graph.</summary>
internal static class Gathering
{
    /// <summary>Whole slices: result[o, i, :] = source[o, index[i], :].</summary>
    public static Tensor Select(Tensor source, int dim, Tensor index)
    {
        using Tensor packed = source.Packed();
        using Tensor at = index.IndexRun();
        long[] shape = [.. source.Impl.Shape];
        (long outer, long count, long inner) = Reduction.Blocks(shape, dim, dim);
        shape[dim] = at.Impl.Numel;
        TensorImpl result = TensorImpl.Allocate(source.dtype, shape);
        int bytes = (int)(inner * source.ElementSize);
        ReadOnlySpan<byte> from = packed.bytes;
        Span<byte> to = result.Buffer.Span<byte>(0, result.Numel * source.ElementSize);
        ReadOnlySpan<long> indices = at.Impl.Span<long>();
        for (int o = 0, next = 0; o < outer; o++)
        {
            foreach (long i in indices)
            {
                Check(i, count);
                from.Slice((int)((o * count) + i) * bytes, bytes).CopyTo(to.Slice(next, bytes));
                next += bytes;
            }
        }

        return new Tensor(result);
    }

    /// <summary>target[o, index[i], :] += source[o, i, :], on contiguous floats.</summary>
    public static void AddSlices(Tensor target, int dim, Tensor index, Tensor source)
    {
        using Tensor packed = source.FloatRun();
        using Tensor at = index.IndexRun();
        (long outer, long count, long inner) = Reduction.Blocks(target.Impl.Shape, dim, dim);
        ReadOnlySpan<float> from = packed.Impl.Span<float>();
        Span<float> to = target.Impl.Span<float>();
        ReadOnlySpan<long> indices = at.Impl.Span<long>();
        for (int o = 0, next = 0; o < outer; o++)
        {
            foreach (long i in indices)
            {
                Check(i, count);
                Span<float> row = to.Slice((int)(((o * count) + i) * inner), (int)inner);
                System.Numerics.Tensors.TensorPrimitives.Add(row, from.Slice(next, (int)inner), row);
                next += (int)inner;
            }
        }
    }

    /// <summary>Single elements: result[p] = source[p with index[p] along dim].</summary>
    public static Tensor Gather(Tensor source, int dim, Tensor index)
    {
        using Tensor packed = source.Packed();
        using Tensor at = index.IndexRun();
        TensorImpl result = TensorImpl.Allocate(source.dtype, index.Impl.Shape);
        switch (source.ElementSize)
        {
            case 1: Walk(packed.Impl.Span<byte>(), result.Span<byte>(), packed, at, dim, new Read<byte>()); break;
            case 4: Walk(packed.Impl.Span<uint>(), result.Span<uint>(), packed, at, dim, new Read<uint>()); break;
            default: Walk(packed.Impl.Span<ulong>(), result.Span<ulong>(), packed, at, dim, new Read<ulong>()); break;
        }

        return new Tensor(result);
    }

    /// <summary>Single elements of a contiguous target: target[p with index[p] along dim] = or += source[p].</summary>
    public static void Scatter(Tensor target, int dim, Tensor index, Tensor source, bool add)
    {
        using Tensor typed = source.As(target.dtype);
        using Tensor cut = typed.Impl.Shape.AsSpan().SequenceEqual(index.Impl.Shape) ? typed.Packed() : Cut(typed, index.Impl.Shape);
        using Tensor at = index.IndexRun();
        switch (target.dtype)
        {
            case ScalarType.Float32: Scatter<float>(target, cut, at, dim, add); break;
            case ScalarType.Float64: Scatter<double>(target, cut, at, dim, add); break;
            case ScalarType.Int64: Scatter<long>(target, cut, at, dim, add); break;
            case ScalarType.Int32: Scatter<int>(target, cut, at, dim, add); break;
            case ScalarType.Bool or ScalarType.Byte when !add: Scatter<byte>(target, cut, at, dim, add); break;
            default: throw ScalarTypes.Unsupported(target.dtype);
        }
    }

    private static void Scatter<T>(Tensor target, Tensor source, Tensor index, int dim, bool add) where T : unmanaged, INumber<T>
    {
        if (add)
            Walk(target.Impl.Span<T>(), source.Impl.Span<T>(), target, index, dim, new WriteAdd<T>());
        else
            Walk(target.Impl.Span<T>(), source.Impl.Span<T>(), target, index, dim, new Write<T>());
    }

    private static Tensor Cut(Tensor source, long[] shape)
    {
        using Tensor plain = source.detach();
        using Tensor window = new(plain.Impl.Window(shape, plain.Impl.Strides, plain.Impl.Offset));
        return window.Packed();
    }

    /// <summary>For every position of the index, the element of the big tensor it points to and the element of the small one.</summary>
    private static void Walk<T, TAction>(Span<T> big, Span<T> small, Tensor bigTensor, Tensor index, int dim, TAction action)
        where T : unmanaged
        where TAction : struct, IElementAction<T>
    {
        long[] shape = index.Impl.Shape;
        ReadOnlySpan<long> indices = index.Impl.Span<long>();
        long[] strides = bigTensor.Impl.Strides;
        if (shape.Length == 0)
        {
            action.Do(ref big[(int)indices[0]], ref small[0]);
            return;
        }

        long count = bigTensor.Impl.Shape[dim];
        var steps = (long[])strides.Clone();
        steps[dim] = 0;
        var position = new long[shape.Length];
        long start = 0;
        for (int p = 0; p < indices.Length; p++)
        {
            Check(indices[p], count);
            action.Do(ref big[(int)(start + (indices[p] * strides[dim]))], ref small[p]);
            for (int d = shape.Length - 1; d >= 0; d--)
            {
                start += steps[d];
                if (++position[d] < shape[d])
                    break;
                start -= steps[d] * shape[d];
                position[d] = 0;
            }
        }
    }

    private static void Check(long index, long count)
    {
        if ((ulong)index >= (ulong)count)
            throw new ArgumentOutOfRangeException(nameof(index), $"index {index} is out of bounds for dimension with size {count}");
    }

    private interface IElementAction<T>
    {
        void Do(ref T big, ref T small);
    }

    private readonly struct Read<T> : IElementAction<T>
    {
        public void Do(ref T big, ref T small) => small = big;
    }

    private readonly struct Write<T> : IElementAction<T>
    {
        public void Do(ref T big, ref T small) => big = small;
    }

    private readonly struct WriteAdd<T> : IElementAction<T> where T : INumber<T>
    {
        public void Do(ref T big, ref T small) => big += small;
    }
}
