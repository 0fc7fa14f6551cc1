using System.Numerics;
using System.Numerics.Tensors;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace TorchSharp.Ops;

/// <summary>Reductions outside the graph. A contiguous tensor is seen as [outer, count, inner] around the reduced dimensions.</summary>
internal static class Reduction
{
    /// <summary>The shape that stays, with 1 in place of each reduced dimension or without them.</summary>
    public static long[] Reduced(long[] shape, bool[] flags, bool keep)
        => [.. shape.Select((size, i) => flags[i] ? 1 : size).Where((_, i) => keep || !flags[i])];

    /// <summary>Sums the flagged dimensions, one contiguous run of them at a time, the last run first.</summary>
    public static Tensor Sum(Tensor source, bool[] flags)
    {
        ScalarType type = source.is_floating_point() ? source.dtype : ScalarType.Int64;
        using Tensor typed = source.As(type);
        TensorImpl current = typed.Impl.IsContiguous ? typed.Impl.AddReference() : Copying.Contiguous(typed.Impl);
        long[] shape = [.. current.Shape];
        for (int last = shape.Length - 1; last >= 0; last--)
        {
            if (!flags[last])
                continue;
            int first = last;
            while (first > 0 && flags[first - 1])
                first--;
            (long outer, long count, long inner) = Blocks(shape, first, last);
            Array.Fill(shape, 1, first, last - first + 1);
            TensorImpl next = TensorImpl.Allocate(type, [.. shape]);
            switch (type)
            {
                case ScalarType.Float32: Sum<float>(current, next, outer, count, inner); break;
                case ScalarType.Float64: Sum<double>(current, next, outer, count, inner); break;
                default: Sum<long>(current, next, outer, count, inner); break;
            }

            current.Release();
            current = next;
            last = first;
        }

        return new Tensor(current);
    }

    /// <summary>Largest or smallest value along one dimension, and the first index that has it; NaN wins, as in torch.</summary>
    public static (Tensor Values, Tensor Indices) Extreme(Tensor source, int dim, bool largest)
    {
        using Tensor packed = source.Packed();
        long[] shape = [.. packed.Impl.Shape];
        (long outer, long count, long inner) = shape.Length == 0 ? (1, 1, 1) : Blocks(shape, dim, dim);
        if (count == 0)
            throw Shapes.Error($"Expected reduction dim {dim} to have non-zero size.");
        if (shape.Length > 0)
            shape[dim] = 1;
        var values = new Tensor(TensorImpl.Allocate(source.dtype, shape));
        var indices = new Tensor(TensorImpl.Allocate(ScalarType.Int64, shape));
        switch (source.dtype)
        {
            case ScalarType.Float32: Extreme<float>(packed, values, indices, (outer, count, inner), largest); break;
            case ScalarType.Float64: Extreme<double>(packed, values, indices, (outer, count, inner), largest); break;
            case ScalarType.Int64: Extreme<long>(packed, values, indices, (outer, count, inner), largest); break;
            case ScalarType.Int32: Extreme<int>(packed, values, indices, (outer, count, inner), largest); break;
            default: throw ScalarTypes.Unsupported(source.dtype);
        }

        return (values, indices);
    }

    public static (long Outer, long Count, long Inner) Blocks(ReadOnlySpan<long> shape, int first, int last)
        => (Shapes.Numel(shape[..first]), Shapes.Numel(shape[first..(last + 1)]), Shapes.Numel(shape[(last + 1)..]));

    private static void Sum<T>(TensorImpl source, TensorImpl target, long outer, long count, long inner) where T : unmanaged, INumber<T>
    {
        ReadOnlySpan<T> from = source.Span<T>();
        Span<T> to = target.Span<T>();
        if (inner == 1)
        {
            for (int i = 0; i < to.Length; i++)
                to[i] = TensorPrimitives.Sum(from.Slice((int)(i * count), (int)count));
            return;
        }

        to.Clear();
        for (int o = 0; o < outer; o++)
        {
            Span<T> row = to.Slice((int)(o * inner), (int)inner);
            for (int r = 0; r < count; r++)
                TensorPrimitives.Add(row, from.Slice((int)(((o * count) + r) * inner), (int)inner), row);
        }
    }

    private static void Extreme<T>(Tensor source, Tensor values, Tensor indices, (long Outer, long Count, long Inner) blocks, bool largest)
        where T : unmanaged, INumber<T>
    {
        ReadOnlySpan<T> from = source.Impl.Span<T>();
        Span<T> best = values.Impl.Span<T>();
        Span<long> at = indices.Impl.Span<long>();
        (int count, int inner) = ((int)blocks.Count, (int)blocks.Inner);
        for (int i = 0; i < best.Length; i++)
        {
            int start = (i / inner * count * inner) + (i % inner);
            T value = from[start];
            long index = 0;
            for (int r = 1; r < count && !T.IsNaN(value); r++)
            {
                T candidate = from[start + (r * inner)];
                if ((largest ? candidate > value : candidate < value) || T.IsNaN(candidate))
                    (value, index) = (candidate, r);
            }

            (best[i], at[i]) = (value, index);
        }
    }
}
