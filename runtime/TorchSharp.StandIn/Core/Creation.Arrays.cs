using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor tensor(float scalar, Device? device = null, bool requires_grad = false)
        => FromSpan<float>([scalar], [], null, device, requires_grad);

    public static Tensor tensor(double scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => FromSpan<double>([scalar], [], dtype, device, requires_grad);

    public static Tensor tensor(int scalar, Device? device = null, bool requires_grad = false)
        => FromSpan<int>([scalar], [], null, device, requires_grad);

    public static Tensor tensor(long scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => FromSpan<long>([scalar], [], dtype, device, requires_grad);

    public static Tensor tensor(bool scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => FromSpan<bool>([scalar], [], dtype, device, requires_grad);

    public static Tensor tensor(float[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => FromSpan<float>(rawArray, [rawArray.Length], dtype, device, requires_grad);

    public static Tensor tensor(double[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => FromSpan<double>(rawArray, [rawArray.Length], dtype, device, requires_grad);

    public static Tensor tensor(int[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => FromSpan<int>(rawArray, [rawArray.Length], dtype, device, requires_grad);

    public static Tensor tensor(long[] dataArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => FromSpan<long>(dataArray, [dataArray.Length], dtype, device, requires_grad);

    public static Tensor tensor(bool[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => FromSpan<bool>(rawArray, [rawArray.Length], dtype, device, requires_grad);

    public static Tensor tensor(byte[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => FromSpan<byte>(rawArray, [rawArray.Length], dtype, device, requires_grad);

    public static Tensor tensor(float[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => FromSpan<float>(rawArray, dimensions, dtype, device, requires_grad);

    public static Tensor tensor(long[] dataArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => FromSpan<long>(dataArray, dimensions, dtype, device, requires_grad);

    public static Tensor tensor(float[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => FromArray(rawArray, dtype, device, requires_grad);

    public static Tensor tensor(long[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => FromArray(rawArray, dtype, device, requires_grad);

    public static Tensor tensor(bool[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => FromArray(rawArray, dtype, device, requires_grad);

    public static Tensor tensor(float[,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => FromArray(rawArray, dtype, device, requires_grad);

    public static Tensor from_array(Array rawArray, Device? device = null) => FromArray(rawArray, null, device, false);

    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null)
        => FromArray(rawArray, dtype, device, requires_grad);

    private static Tensor FromArray(Array array, ScalarType? dtype, Device? device, bool requires_grad)
    {
        long[] shape = [.. Enumerable.Range(0, array.Rank).Select(array.GetLongLength)];
        return array switch
        {
            _ when Element<float>(array) => FromSpan(Flat<float>(array), shape, dtype, device, requires_grad),
            _ when Element<double>(array) => FromSpan(Flat<double>(array), shape, dtype, device, requires_grad),
            _ when Element<long>(array) => FromSpan(Flat<long>(array), shape, dtype, device, requires_grad),
            _ when Element<int>(array) => FromSpan(Flat<int>(array), shape, dtype, device, requires_grad),
            _ when Element<byte>(array) => FromSpan(Flat<byte>(array), shape, dtype, device, requires_grad),
            _ when Element<bool>(array) => FromSpan(Flat<bool>(array), shape, dtype, device, requires_grad),
            _ => throw new NotSupportedException($"No tensor holds {array.GetType().GetElementType()}."),
        };

        static bool Element<T>(Array array) => array.GetType().GetElementType() == typeof(T);

        static ReadOnlySpan<T> Flat<T>(Array array)
            => MemoryMarshal.CreateReadOnlySpan(ref System.Runtime.CompilerServices.Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);
    }

    private static Tensor FromSpan<T>(ReadOnlySpan<T> values, ReadOnlySpan<long> shape, ScalarType? dtype, Device? device, bool requires_grad)
        where T : unmanaged
    {
        Require(device);
        if (Shapes.Numel(shape) != values.Length)
            throw new ArgumentException($"mismatched total size creating a tensor from an array: {values.Length} values for [{string.Join(", ", shape.ToArray())}]");
        TensorImpl impl = TensorImpl.Allocate(ScalarTypes.Of<T>(), shape.ToArray());
        values.CopyTo(impl.Span<T>());
        if (dtype is { } type && type != impl.Dtype)
        {
            TensorImpl converted = Copying.Convert(impl, type);
            impl.Release();
            impl = converted;
        }

        var result = new Tensor(impl);
        return requires_grad ? result.requires_grad_() : result;
    }
}
