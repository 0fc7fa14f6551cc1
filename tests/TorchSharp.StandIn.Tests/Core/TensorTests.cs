using System.Runtime.InteropServices;
using Xunit;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Core;

public class TensorTests
{
    [Fact]
    public void Memory_is_aligned_and_bytes_begin_at_the_view()
    {
        Tensor x = arange(6).@float();
        Tensor tail = x.narrow(0, 4, 2);

        Assert.Equal(0, Address(x) % 64);
        Assert.Equal([4f, 5], MemoryMarshal.Cast<byte, float>(tail.bytes).ToArray());
        Assert.Throws<NotImplementedException>(() => x.view(2, 3).t().bytes.Length);

        static unsafe long Address(Tensor t)
        {
            fixed (byte* p = t.bytes)
                return (long)p;
        }
    }

    [Fact]
    public void Writing_through_bytes_changes_the_values_but_not_the_version()
    {
        Tensor x = zeros(2);
        int version = x.Impl.Buffer.Version;
        float[] values = [5, 6];
        x.bytes = MemoryMarshal.AsBytes(values.AsSpan());

        Assert.Equal([5f, 6], x.data<float>().ToArray());
        Assert.Equal(version, x.Impl.Buffer.Version);
        x.add_(1);
        Assert.Equal(version + 1, x.Impl.Buffer.Version);
    }

    [Fact]
    public void Dtypes_follow_their_arrays_and_convert()
    {
        Assert.Equal(ScalarType.Float64, tensor(1.5).dtype);
        Assert.Equal(ScalarType.Int32, tensor([1, 2]).dtype);
        Assert.Equal(ScalarType.Int64, arange(3).dtype);
        Assert.Equal([1L, -2], tensor([1.7f, -2.2f]).to(ScalarType.Int64).data<long>().ToArray());
        Assert.Equal([true, false], tensor([0.5f, 0]).@bool().data<bool>().ToArray());
        Assert.Equal(ScalarType.Float32, (tensor([1L]) + tensor([1f])).dtype);
        Assert.Equal(ScalarType.Float32, (tensor([1L]) / 2).dtype);
        Assert.Equal(ScalarType.Int64, (tensor([1L]) * 2).dtype);
        Assert.Equal(ScalarType.Float32, (tensor([1L]) * 0.5).dtype);
        Assert.Throws<NotSupportedException>(() => zeros([2], ScalarType.Float64).exp());
        Assert.Throws<NotSupportedException>(() => zeros([2], device: new Device(DeviceType.CUDA)));
    }

    [Fact]
    public void Values_come_out_checked()
    {
        Assert.Equal(2.5f, tensor([2.5f]).item<float>());
        Assert.Equal(2.5, tensor(2.5f).ToDouble());
        Assert.Equal(7, (int)tensor(7L));
        Assert.Throws<ArgumentException>(() => tensor(2.5f).item<long>());
        Assert.Throws<ArgumentException>(() => zeros(2).item<float>());
        Assert.Throws<ArgumentException>(() => zeros(2).data<long>());
        Assert.Equal(5L, arange(6).view(2, 3).t().data<long>()[2, 1]);
        Assert.Equal([0L, 3, 1, 4, 2, 5], arange(6).view(2, 3).t().data<long>().ToArray());
    }

    [Fact]
    public void Text_shows_shape_and_values()
    {
        Assert.Equal("[2x3], type = Float32, device = cpu", zeros(2, 3).ToString());
        Assert.Contains("[[0, 1], [2, 3]]", arange(4).view(2, 2).str(), StringComparison.Ordinal);
    }

    [Fact]
    public void Creation()
    {
        Assert.Equal([1f, 0, 0, 0, 1, 0], eye(2, 3).data<float>().ToArray());
        Assert.Equal([0f, 0.5f, 1], linspace(0, 1, 3).data<float>().ToArray());
        Assert.Equal([1L, 3, 5], arange(1, 6, 2).data<long>().ToArray());
        Assert.Equal([2, 2], tensor(new[,] { { 1f, 2 }, { 3, 4 } }).shape);
        Assert.Equal(ScalarType.Float32, full([2], 3).dtype);
        Assert.Equal([0L, 1, 0, 1, 0, 0], nn.functional.one_hot(tensor([1L, 0])[TensorIndex.Colon], 3).data<long>().ToArray());
        Assert.Throws<ExternalException>(() => zeros(-1));
    }
}
