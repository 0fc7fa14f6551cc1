using System.Runtime.InteropServices;
using Xunit;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Core;

public class ViewTests
{
    private static Tensor Box() => arange(24).view(2, 3, 4);

    [Fact]
    public void Views_share_memory()
    {
        Tensor x = zeros(2, 3);
        x.view(6)[4].fill_(7);
        x.t()[0, 1].fill_(5);
        x[0, 2] = tensor(9f);

        Assert.Equal([0f, 0, 9, 5, 7, 0], x.data<float>().ToArray());
        Assert.Equal(x.Impl.Buffer.Version, x.t().Impl.Buffer.Version);
    }

    [Fact]
    public void Strides_and_offsets()
    {
        Tensor x = Box();

        Assert.Equal([12L, 1, 4], x.transpose(1, 2).stride());
        Assert.Equal(17, x[1].narrow(1, 1, 2).select(0, 1).storage_offset());
        Assert.False(x.permute(2, 0, 1).is_contiguous());
        Assert.True(x.permute(2, 0, 1).contiguous().is_contiguous());
        Assert.Equal([0L, 1, 4], x.unsqueeze(0).unsqueeze(-1).squeeze().narrow(0, 0, 1).expand(1, 3, 4)[0][TensorIndex.Slice(0, 2), TensorIndex.Slice(0, 2)].reshape(-1).data<long>().ToArray()[..3]);
    }

    [Fact]
    public void A_view_that_would_need_a_copy_is_refused_and_reshape_makes_one()
    {
        Tensor x = Box().transpose(0, 1);

        Assert.Throws<ExternalException>(() => x.view(24));
        Assert.Equal([0L, 1, 2, 3, 12], x.reshape(24).data<long>().ToArray()[..5]);
        Assert.Equal([3, 2, 2, 2], x.view(3, 2, 2, 2).shape);
        Assert.Throws<ExternalException>(() => x.reshape(5, 5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_permuted_copy_is_right_element_by_element(int first)
    {
        long[] order = [first, (first + 1) % 3, (first + 2) % 3];
        Tensor x = Box();
        Tensor y = x.permute(order).contiguous();
        for (long i = 0; i < y.size(0); i++)
        {
            for (long j = 0; j < y.size(1); j++)
            {
                for (long k = 0; k < y.size(2); k++)
                {
                    var at = new long[3];
                    (at[order[0]], at[order[1]], at[order[2]]) = (i, j, k);
                    Assert.Equal((at[0] * 12) + (at[1] * 4) + at[2], y[i, j, k].item<long>());
                }
            }
        }
    }

    [Fact]
    public void Indexing()
    {
        Tensor x = Box();

        Assert.Equal([20L, 21, 22, 23], x[-1, -1].data<long>().ToArray());
        Assert.Equal([1L, 13], x[TensorIndex.Ellipsis, TensorIndex.Single(0), TensorIndex.Single(1)].data<long>().ToArray());
        Assert.Equal([2, 1, 2, 4], x[.., TensorIndex.None, 1.., ..].shape);
        Assert.Equal([0L, 2], x[0, 0][TensorIndex.Slice(null, null, 2)].data<long>().ToArray());
        Assert.Equal([3L], x[0, 0][^1..].data<long>().ToArray());
        Assert.Equal([12L, 0], x[tensor([1L, 0])][TensorIndex.Colon, TensorIndex.Single(0), TensorIndex.Single(0)].data<long>().ToArray());
        Assert.Equal([22L, 23], x[x.gt(21)].data<long>().ToArray());
        Assert.Throws<ExternalException>(() => x[2]);
    }

    [Fact]
    public void Splits()
    {
        Tensor x = arange(10);

        Assert.Equal([4L, 4, 2], x.split(4).Select(p => p.size(0)));
        Assert.Equal([4L, 4, 2], x.chunk(3).Select(p => p.size(0)));
        Assert.Equal([7L, 8, 9], x.split([7, 3])[1].data<long>().ToArray());
        Assert.Throws<ExternalException>(() => x.split([7, 4]));
        Assert.Equal(9, x.unbind()[9].item<long>());
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        Assert.Throws<ExternalException>(() => zeros(2, 3) + zeros(2));
        Assert.Throws<ExternalException>(() => zeros(3).add_(zeros(2, 3)));
        Assert.Throws<ExternalException>(() => zeros(2, 3).expand(2, 4));
        Assert.Throws<ExternalException>(() => zeros(2, 3).transpose(0, 2));
        Assert.Throws<ExternalException>(() => zeros(2, 3).matmul(zeros(2, 3)));
        Assert.Throws<ExternalException>(() => cat([zeros(2, 3), zeros(3, 2)]));
    }
}
