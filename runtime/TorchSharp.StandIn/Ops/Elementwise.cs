using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp.Ops;

/// <summary>A binary kernel on runs: two runs, or a run with a number on either side.</summary>
internal interface IBinaryKernel<TIn, TOut>
{
    static abstract void Apply(ReadOnlySpan<TIn> x, ReadOnlySpan<TIn> y, Span<TOut> target);

    static abstract void Apply(ReadOnlySpan<TIn> x, TIn y, Span<TOut> target);

    static abstract void Apply(TIn x, ReadOnlySpan<TIn> y, Span<TOut> target);
}

internal readonly struct ArithmeticKernel<TOp, T> : IBinaryKernel<T, T>
    where TOp : IArithmetic
    where T : INumber<T>
{
    public static void Apply(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> target) => TOp.Apply(x, y, target);

    public static void Apply(ReadOnlySpan<T> x, T y, Span<T> target) => TOp.Apply(x, y, target);

    public static void Apply(T x, ReadOnlySpan<T> y, Span<T> target) => TOp.Apply(x, y, target);
}

internal readonly struct TestKernel<TTest, T> : IBinaryKernel<T, bool>
    where TTest : ITest
    where T : INumber<T>
{
    public static void Apply(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<bool> target)
    {
        for (int i = 0; i < target.Length; i++)
            target[i] = TTest.Test(x[i], y[i]);
    }

    public static void Apply(ReadOnlySpan<T> x, T y, Span<bool> target)
    {
        for (int i = 0; i < target.Length; i++)
            target[i] = TTest.Test(x[i], y);
    }

    public static void Apply(T x, ReadOnlySpan<T> y, Span<bool> target)
    {
        for (int i = 0; i < target.Length; i++)
            target[i] = TTest.Test(x, y[i]);
    }
}

/// <summary>The drivers of element-wise work outside the graph: they find the runs, kernels only see spans.</summary>
internal static class Elementwise
{
    public static Tensor Arithmetic<TOp>(Tensor a, Tensor b, ScalarType? type = null) where TOp : IArithmetic
    {
        ScalarType dtype = type ?? ScalarTypes.Promote(a.dtype, b.dtype);
        var result = new Tensor(TensorImpl.Allocate(dtype, Shapes.Broadcast(a.Impl.Shape, b.Impl.Shape)));
        Arithmetic<TOp>(a, b, result.Impl);
        return result;
    }

    /// <summary>Computes in the target's dtype; the target may be one of the operands where the shapes agree.</summary>
    public static void Arithmetic<TOp>(Tensor a, Tensor b, TensorImpl target) where TOp : IArithmetic
    {
        using Tensor x = a.As(target.Dtype);
        using Tensor y = b.As(target.Dtype);
        switch (target.Dtype)
        {
            case ScalarType.Float32: Run<float, float, ArithmeticKernel<TOp, float>>(x.Impl, y.Impl, target); break;
            case ScalarType.Float64: Run<double, double, ArithmeticKernel<TOp, double>>(x.Impl, y.Impl, target); break;
            case ScalarType.Int64: Run<long, long, ArithmeticKernel<TOp, long>>(x.Impl, y.Impl, target); break;
            case ScalarType.Int32: Run<int, int, ArithmeticKernel<TOp, int>>(x.Impl, y.Impl, target); break;
            default: throw ScalarTypes.Unsupported(target.Dtype);
        }
    }

    public static Tensor Test<TTest>(Tensor a, Tensor b) where TTest : ITest
    {
        ScalarType dtype = ScalarTypes.Promote(a.dtype, b.dtype);
        using Tensor x = a.As(dtype);
        using Tensor y = b.As(dtype);
        TensorImpl target = TensorImpl.Allocate(ScalarType.Bool, Shapes.Broadcast(a.Impl.Shape, b.Impl.Shape));
        switch (dtype)
        {
            case ScalarType.Float32: Run<float, bool, TestKernel<TTest, float>>(x.Impl, y.Impl, target); break;
            case ScalarType.Float64: Run<double, bool, TestKernel<TTest, double>>(x.Impl, y.Impl, target); break;
            case ScalarType.Int64: Run<long, bool, TestKernel<TTest, long>>(x.Impl, y.Impl, target); break;
            case ScalarType.Int32: Run<int, bool, TestKernel<TTest, int>>(x.Impl, y.Impl, target); break;
            case ScalarType.Bool or ScalarType.Byte: Run<byte, bool, TestKernel<TTest, byte>>(x.Impl, y.Impl, target); break;
            default: throw ScalarTypes.Unsupported(dtype);
        }

        return new Tensor(target);
    }

    /// <summary>A kernel on every element of a float tensor.</summary>
    public static Tensor Map(Tensor source, MapKernel kernel)
    {
        using Tensor x = source.FloatRun();
        var result = new Tensor(TensorImpl.Allocate(ScalarType.Float32, x.Impl.Shape));
        kernel(x.Impl.Span<float>(), result.Impl.Span<float>());
        return result;
    }

    /// <summary>A kernel on pairs of elements of two float tensors of one shape.</summary>
    public static Tensor Zip(Tensor a, Tensor b, ZipKernel kernel)
    {
        using Tensor x = a.FloatRun();
        using Tensor y = b.FloatRun();
        if (!x.Impl.Shape.AsSpan().SequenceEqual(y.Impl.Shape))
            throw Shapes.Error($"shapes [{string.Join(", ", x.shape)}] and [{string.Join(", ", y.shape)}] differ");
        var result = new Tensor(TensorImpl.Allocate(ScalarType.Float32, x.Impl.Shape));
        kernel(x.Impl.Span<float>(), y.Impl.Span<float>(), result.Impl.Span<float>());
        return result;
    }

    private static void Run<TIn, TOut, TKernel>(TensorImpl a, TensorImpl b, TensorImpl target)
        where TIn : unmanaged
        where TOut : unmanaged
        where TKernel : IBinaryKernel<TIn, TOut>
    {
        long[] sa = Shapes.ExpandStrides(a.Shape, a.Strides, target.Shape);
        long[] sb = Shapes.ExpandStrides(b.Shape, b.Strides, target.Shape);
        var plan = new StridedPlan(target.Shape, sa, sb, target.Strides);
        if (plan.IsEmpty)
            return;
        if (plan.InnerStrides[2] != 1 || plan.InnerStrides[0] > 1 || plan.InnerStrides[1] > 1 || (plan.InnerStrides[0] | plan.InnerStrides[1]) == 0)
        {
            RunOnCopies<TIn, TOut, TKernel>(a, b, target, plan);
            return;
        }

        ReadOnlySpan<TIn> x = a.Extent<TIn>();
        ReadOnlySpan<TIn> y = b.Extent<TIn>();
        Span<TOut> z = target.Extent<TOut>();
        bool runX = plan.InnerStrides[0] == 1;
        bool runY = plan.InnerStrides[1] == 1;
        int n = plan.Inner;
        do
        {
            (int i, int j, int k) = (plan.Offsets[0], plan.Offsets[1], plan.Offsets[2]);
            if (runX && runY)
                TKernel.Apply(x.Slice(i, n), y.Slice(j, n), z.Slice(k, n));
            else if (runX)
                TKernel.Apply(x.Slice(i, n), y[j], z.Slice(k, n));
            else
                TKernel.Apply(x[i], y.Slice(j, n), z.Slice(k, n));
        }
        while (plan.Next());
    }

    /// <summary>Where the innermost dimension is no run of an operand or of the target, that one is copied to be one.</summary>
    private static void RunOnCopies<TIn, TOut, TKernel>(TensorImpl a, TensorImpl b, TensorImpl target, StridedPlan plan)
        where TIn : unmanaged
        where TOut : unmanaged
        where TKernel : IBinaryKernel<TIn, TOut>
    {
        bool bothConstant = (plan.InnerStrides[0] | plan.InnerStrides[1]) == 0;
        TensorImpl z = plan.InnerStrides[2] == 1 ? target.AddReference() : TensorImpl.Allocate(target.Dtype, target.Shape);
        TensorImpl x = plan.InnerStrides[0] > 1 || bothConstant ? Expanded(a, z.Shape) : a.AddReference();
        TensorImpl y = plan.InnerStrides[1] > 1 ? Expanded(b, z.Shape) : b.AddReference();
        Run<TIn, TOut, TKernel>(x, y, z);
        if (!ReferenceEquals(z, target))
            Copying.Copy(z, target);
        x.Release();
        y.Release();
        z.Release();
    }

    private static TensorImpl Expanded(TensorImpl source, long[] shape)
    {
        TensorImpl copy = TensorImpl.Allocate(source.Dtype, shape);
        Copying.Copy(source, copy);
        return copy;
    }
}

internal delegate void MapKernel(ReadOnlySpan<float> x, Span<float> target);

internal delegate void ZipKernel(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> target);
