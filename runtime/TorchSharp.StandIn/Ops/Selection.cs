using static TorchSharp.torch;

namespace TorchSharp.Ops;

/// <summary>Choice by a mask, outside the graph.</summary>
internal static class Selection
{
    public static Tensor Where(Tensor condition, Tensor x, Tensor y)
    {
        if (condition.dtype != ScalarType.Bool)
            throw Shapes.Error($"where expected condition to be a boolean tensor, but got a tensor with dtype {condition.dtype}");
        ScalarType type = ScalarTypes.Promote(x.dtype, y.dtype);
        using Tensor a = x.As(type);
        using Tensor b = y.As(type);
        long[] shape = Shapes.Broadcast(condition.Impl.Shape, Shapes.Broadcast(x.Impl.Shape, y.Impl.Shape));
        TensorImpl result = TensorImpl.Allocate(type, shape);
        switch (type.ElementSize())
        {
            case 1: Run<byte>(condition.Impl, a.Impl, b.Impl, result); break;
            case 4: Run<uint>(condition.Impl, a.Impl, b.Impl, result); break;
            default: Run<ulong>(condition.Impl, a.Impl, b.Impl, result); break;
        }

        return new Tensor(result);
    }

    private static void Run<T>(TensorImpl condition, TensorImpl x, TensorImpl y, TensorImpl result) where T : unmanaged
    {
        long[][] strides = [.. new[] { condition, x, y }.Select(t => Shapes.ExpandStrides(t.Shape, t.Strides, result.Shape))];
        var plan = new StridedPlan(result.Shape, strides[0], strides[1], strides[2], result.Strides);
        if (plan.IsEmpty)
            return;
        ReadOnlySpan<bool> c = condition.Extent<bool>();
        ReadOnlySpan<T> a = x.Extent<T>();
        ReadOnlySpan<T> b = y.Extent<T>();
        Span<T> to = result.Span<T>();
        (int stepC, int stepA, int stepB) = ((int)plan.InnerStrides[0], (int)plan.InnerStrides[1], (int)plan.InnerStrides[2]);
        do
        {
            (int i, int j, int k) = (plan.Offsets[0], plan.Offsets[1], plan.Offsets[2]);
            foreach (ref T target in to.Slice(plan.Offsets[3], plan.Inner))
            {
                target = c[i] ? a[j] : b[k];
                (i, j, k) = (i + stepC, j + stepA, k + stepB);
            }
        }
        while (plan.Next());
    }
}
