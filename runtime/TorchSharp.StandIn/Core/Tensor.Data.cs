using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The memory of a contiguous tensor. A write through it does not count as a change, as in TorchSharp.</summary>
        public Span<byte> bytes
        {
            get => is_contiguous()
                ? Impl.Buffer.Span<byte>(Impl.Offset * ElementSize, checked(Impl.Numel * ElementSize))
                : throw new NotImplementedException("Bytes() called on non-contiguous tensor.");

            set
            {
                Span<byte> target = bytes;
                if (value.Length != target.Length)
                    throw new ArgumentException($"The tensor has {target.Length} bytes, {value.Length} were given.", nameof(value));
                value.CopyTo(target);
            }
        }

        public Utils.TensorAccessor<T> data<T>() where T : unmanaged
        {
            if (ScalarTypes.Of<T>() != dtype)
                throw new ArgumentException($"{typeof(T).Name} is not the type of the tensor's data, {dtype}.");
            return new(this);
        }

        public T item<T>() where T : unmanaged
        {
            if (Impl.Numel != 1)
                throw new ArgumentException($"Number of elements in the tensor must be 1, not {Impl.Numel}.");
            if (ScalarTypes.Of<T>() != dtype)
                throw new ArgumentException($"{typeof(T).Name} is not the type of the tensor's data, {dtype}.");
            return Impl.Extent<T>()[0];
        }

        public Scalar ToScalar() => dtype switch
        {
            ScalarType.Float32 => item<float>(),
            ScalarType.Float64 => item<double>(),
            ScalarType.Int64 => item<long>(),
            ScalarType.Int32 => item<int>(),
            ScalarType.Byte => item<byte>(),
            ScalarType.Bool => item<bool>(),
            _ => throw ScalarTypes.Unsupported(dtype),
        };

        public bool is_nonzero() => ToScalar().ToBoolean();

        public static explicit operator float(Tensor value) => value.ToSingle();

        public static explicit operator double(Tensor value) => value.ToDouble();

        public static explicit operator long(Tensor value) => value.ToInt64();

        public static explicit operator int(Tensor value) => value.ToInt32();

        public static explicit operator bool(Tensor value) => value.ToBoolean();

        internal ReadOnlySpan<T> Values<T>() where T : unmanaged => MemoryMarshal.Cast<byte, T>(bytes);
    }
}

public static partial class TensorExtensionMethods
{
    public static float ToSingle(this torch.Tensor value) => value.ToScalar().ToSingle();

    public static double ToDouble(this torch.Tensor value) => value.ToScalar().ToDouble();

    public static int ToInt32(this torch.Tensor value) => value.ToScalar().ToInt32();

    public static long ToInt64(this torch.Tensor value) => value.ToScalar().ToInt64();

    public static bool ToBoolean(this torch.Tensor value) => value.ToScalar().ToBoolean();

    /// <summary>Shape and values, rows in brackets.</summary>
    public static string str(
        this torch.Tensor tensor,
        string? fltFormat = null,
        int? width = null,
        string? newLine = null,
        System.Globalization.CultureInfo? cultureInfo = null,
        TensorStringStyle style = TensorStringStyle.Default)
    {
        using var scope = torch.NewDisposeScope();
        var values = tensor.detach().to_type(torch.ScalarType.Float64).contiguous();
        var culture = cultureInfo ?? System.Globalization.CultureInfo.InvariantCulture;
        var text = new System.Text.StringBuilder(tensor.ToString()).Append(newLine ?? "\n");
        int next = 0;
        Append(0);
        return text.ToString();

        void Append(int dim)
        {
            if (dim == values.ndim)
            {
                text.Append(values.Values<double>()[next++].ToString(fltFormat ?? "g5", culture));
                return;
            }

            text.Append('[');
            for (long i = 0; i < values.size(dim); i++)
            {
                text.Append(i == 0 ? string.Empty : ", ");
                Append(dim + 1);
            }

            text.Append(']');
        }
    }
}
