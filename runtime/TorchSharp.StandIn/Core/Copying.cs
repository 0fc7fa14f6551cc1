using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Moves elements between layouts and dtypes, outside the graph.</summary>
internal static class Copying
{
    /// <summary>Writes <paramref name="source"/>, broadcast, into <paramref name="target"/>.</summary>
    public static void Copy(TensorImpl source, TensorImpl target)
    {
        TensorImpl? converted = source.Dtype == target.Dtype ? null : Convert(source, target.Dtype);
        TensorImpl from = converted ?? source;
        long[] strides = Shapes.ExpandStrides(from.Shape, from.Strides, target.Shape);
        switch (target.Dtype.ElementSize())
        {
            case 1: Run<byte>(from, strides, target); break;
            case 2: Run<ushort>(from, strides, target); break;
            case 4: Run<uint>(from, strides, target); break;
            case 8: Run<ulong>(from, strides, target); break;
            default: throw ScalarTypes.Unsupported(target.Dtype);
        }

        converted?.Release();
    }

    public static TensorImpl Contiguous(TensorImpl source)
    {
        TensorImpl copy = TensorImpl.Allocate(source.Dtype, source.Shape);
        Copy(source, copy);
        return copy;
    }

    public static TensorImpl Convert(TensorImpl source, ScalarType type)
    {
        TensorImpl? temporary = source.IsContiguous ? null : Contiguous(source);
        TensorImpl from = temporary ?? source;
        TensorImpl result = TensorImpl.Allocate(type, source.Shape);
        switch (from.Dtype)
        {
            case ScalarType.Float32: From<float>(from, result); break;
            case ScalarType.Float64: From<double>(from, result); break;
            case ScalarType.Float16 or ScalarType.BFloat16: Widened(from, result); break;
            case ScalarType.Int64: From<long>(from, result); break;
            case ScalarType.Int32: From<int>(from, result); break;
            case ScalarType.Byte or ScalarType.Bool: From<byte>(from, result); break;
            default: throw ScalarTypes.Unsupported(from.Dtype);
        }

        temporary?.Release();
        return result;
    }

    private static void From<TFrom>(TensorImpl source, TensorImpl target) where TFrom : unmanaged, INumber<TFrom>
    {
        switch (target.Dtype)
        {
            case ScalarType.Float32: Cast<TFrom, float>(source, target); break;
            case ScalarType.Float64: Cast<TFrom, double>(source, target); break;
            case ScalarType.Int64: Cast<TFrom, long>(source, target); break;
            case ScalarType.Int32: Cast<TFrom, int>(source, target); break;
            case ScalarType.Byte: Cast<TFrom, byte>(source, target); break;
            case ScalarType.Bool: ToBool<TFrom>(source, target); break;
            case ScalarType.Float16: Cast<TFrom, Half>(source, target); break;
            case ScalarType.BFloat16: Narrow<TFrom>(source, target); break;
            default: throw ScalarTypes.Unsupported(target.Dtype);
        }
    }

    private static void Cast<TFrom, TTo>(TensorImpl source, TensorImpl target)
        where TFrom : unmanaged, INumber<TFrom>
        where TTo : unmanaged, INumber<TTo>
    {
        Span<TFrom> from = source.Span<TFrom>();
        Span<TTo> to = target.Span<TTo>();
        for (int i = 0; i < to.Length; i++)
            to[i] = TTo.CreateTruncating(from[i]);
    }

    // bfloat16 is the upper half of a float32, rounded to the nearest, ties to even.
    private static void Narrow<TFrom>(TensorImpl source, TensorImpl target) where TFrom : unmanaged, INumber<TFrom>
    {
        Span<TFrom> from = source.Span<TFrom>();
        Span<ushort> to = target.Span<ushort>();
        for (int i = 0; i < to.Length; i++)
        {
            float value = float.CreateTruncating(from[i]);
            uint bits = BitConverter.SingleToUInt32Bits(value);
            to[i] = (ushort)(float.IsNaN(value) ? (bits >> 16) | 0x40 : (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
        }
    }

    private static void Widened(TensorImpl source, TensorImpl target)
    {
        TensorImpl wide = TensorImpl.Allocate(ScalarType.Float32, source.Shape);
        Span<ushort> from = source.Span<ushort>();
        Span<float> to = wide.Span<float>();
        for (int i = 0; i < to.Length; i++)
            to[i] = source.Dtype == ScalarType.Float16 ? (float)BitConverter.UInt16BitsToHalf(from[i]) : BitConverter.UInt32BitsToSingle((uint)from[i] << 16);
        From<float>(wide, target);
        wide.Release();
    }

    private static void ToBool<TFrom>(TensorImpl source, TensorImpl target) where TFrom : unmanaged, INumber<TFrom>
    {
        Span<TFrom> from = source.Span<TFrom>();
        Span<bool> to = target.Span<bool>();
        for (int i = 0; i < to.Length; i++)
            to[i] = from[i] != TFrom.Zero;
    }

    private static void Run<T>(TensorImpl source, long[] sourceStrides, TensorImpl target) where T : unmanaged
    {
        var plan = new StridedPlan(target.Shape, sourceStrides, target.Strides);
        if (plan.IsEmpty)
            return;
        Span<T> from = source.Extent<T>();
        Span<T> to = target.Extent<T>();
        (int stepFrom, int stepTo) = ((int)plan.InnerStrides[0], (int)plan.InnerStrides[1]);
        do
        {
            (int a, int b) = (plan.Offsets[0], plan.Offsets[1]);
            if (stepTo == 1 && stepFrom == 1)
            {
                from.Slice(a, plan.Inner).CopyTo(to.Slice(b, plan.Inner));
            }
            else if (stepTo == 1 && stepFrom == 0)
            {
                to.Slice(b, plan.Inner).Fill(from[a]);
            }
            else
            {
                for (int i = 0; i < plan.Inner; i++, a += stepFrom, b += stepTo)
                    to[b] = from[a];
            }
        }
        while (plan.Next());
    }
}
