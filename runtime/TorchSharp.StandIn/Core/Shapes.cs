using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>Arithmetic on shapes, strides and dimension numbers.</summary>
internal static class Shapes
{
    public static ExternalException Error(string message) => new(message);

    public static long Numel(ReadOnlySpan<long> shape)
    {
        long product = 1;
        foreach (long size in shape)
            product = checked(product * size);
        return product;
    }

    public static long[] ContiguousStrides(ReadOnlySpan<long> shape)
    {
        var strides = new long[shape.Length];
        long stride = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= Math.Max(shape[i], 1);
        }

        return strides;
    }

    public static bool IsContiguous(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides)
    {
        long expected = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            if (shape[i] == 0)
                return true;
            if (shape[i] == 1)
                continue;
            if (strides[i] != expected)
                return false;
            expected *= shape[i];
        }

        return true;
    }

    public static int Dim(long dim, int rank)
    {
        int limit = Math.Max(rank, 1);
        if (dim < -limit || dim >= limit)
            throw Error($"Dimension out of range (expected to be in range of [{-limit}, {limit - 1}], but got {dim})");
        return (int)(dim < 0 ? dim + limit : dim);
    }

    /// <summary>One flag per dimension; no dims at all means every dimension.</summary>
    public static bool[] DimFlags(ReadOnlySpan<long> dims, int rank)
    {
        var flags = new bool[rank];
        if (dims.IsEmpty)
            Array.Fill(flags, true);
        foreach (long dim in dims)
        {
            int at = Dim(dim, rank);
            if (rank > 0)
                flags[at] = true;
        }

        return flags;
    }

    public static long[] Broadcast(long[] a, long[] b)
    {
        if (a.AsSpan().SequenceEqual(b))
            return a;
        var shape = new long[Math.Max(a.Length, b.Length)];
        for (int i = 1; i <= shape.Length; i++)
        {
            long x = i <= a.Length ? a[^i] : 1;
            long y = i <= b.Length ? b[^i] : 1;
            if (x != y && x != 1 && y != 1)
                throw Error($"The size of tensor a ({x}) must match the size of tensor b ({y}) at non-singleton dimension {shape.Length - i}");
            shape[^i] = x == 1 ? y : x;
        }

        return shape;
    }

    /// <summary>Strides that read a tensor of <paramref name="from"/> as if it were of shape <paramref name="to"/>.</summary>
    public static long[] ExpandStrides(long[] from, long[] strides, long[] to)
    {
        var result = new long[to.Length];
        for (int i = 1; i <= from.Length; i++)
        {
            if (i > to.Length || (from[^i] != to[^i] && from[^i] != 1))
                throw Error($"The expanded size of the tensor [{string.Join(", ", to)}] must match the existing size [{string.Join(", ", from)}]");
            result[^i] = from[^i] == 1 ? 0 : strides[^i];
        }

        return result;
    }

    /// <summary>Replaces one -1 by the size that keeps the number of elements.</summary>
    public static long[] Infer(ReadOnlySpan<long> shape, long numel)
    {
        long[] result = shape.ToArray();
        int unknown = Array.IndexOf(result, -1);
        if (unknown >= 0)
        {
            result[unknown] = 1;
            long known = Numel(result);
            result[unknown] = known == 0 ? 0 : numel / known;
        }

        if (Array.Exists(result, size => size < 0) || Numel(result) != numel)
            throw Error($"shape '[{string.Join(", ", shape.ToArray())}]' is invalid for input of size {numel}");
        return result;
    }

    /// <summary>Strides of a view in a new shape, or null where only a copy can have it.</summary>
    public static long[]? ViewStrides(long[] oldShape, long[] oldStrides, long[] newShape)
    {
        if (IsContiguous(oldShape, oldStrides))
            return ContiguousStrides(newShape);
        var strides = new long[newShape.Length];
        int target = newShape.Length - 1;
        int last = oldShape.Length - 1;
        while (last >= 0)
        {
            // One run of old dimensions that is contiguous in itself must be filled exactly by new dimensions.
            int first = last;
            long count = oldShape[last];
            while (first > 0 && (oldShape[first - 1] == 1 || oldStrides[first - 1] == count * oldStrides[last]))
                count *= oldShape[--first];
            long stride = oldStrides[last];
            while (target >= 0 && count > 1 && newShape[target] <= count && count % newShape[target] == 0)
            {
                strides[target] = stride;
                stride *= newShape[target];
                count /= newShape[target--];
            }

            if (count != 1)
                return null;
            last = first - 1;
        }

        for (; target >= 0; target--)
        {
            if (newShape[target] != 1)
                return null;
        }

        return strides;
    }
}
