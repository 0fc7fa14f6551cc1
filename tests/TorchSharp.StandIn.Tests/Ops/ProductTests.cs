using Xunit;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Ops;

/// <summary>Products, convolution and attention against the sums that define them.</summary>
public class ProductTests
{
    public static TheoryData<string> Layouts => ["plain", "left transposed", "right transposed", "both", "sliced", "column", "row"];

    [Theory]
    [MemberData(nameof(Layouts))]
    public void A_product_is_its_sums_in_every_layout(string layout)
    {
        (Tensor a, Tensor b) = layout switch
        {
            "left transposed" => (Values(4, 3).t(), Values(4, 5)),
            "right transposed" => (Values(3, 4), Values(5, 4).t()),
            "both" => (Values(4, 3).t(), Values(5, 4).t()),
            "sliced" => (Values(3, 8)[TensorIndex.Colon, TensorIndex.Slice(0, null, 2)], Values(8, 5)[TensorIndex.Slice(0, null, 2)]),
            "column" => (Values(3, 1), Values(1, 5)),
            "row" => (Values(1, 4), Values(4, 1)),
            _ => (Values(3, 4), Values(4, 5)),
        };
        Tensor product = a.mm(b);
        for (long i = 0; i < product.size(0); i++)
        {
            for (long j = 0; j < product.size(1); j++)
                Assert.Equal(Enumerable.Range(0, (int)a.size(1)).Sum(k => (double)a.data<float>()[i, k] * b.data<float>()[k, j]), product.data<float>()[i, j], 1e-4);
        }
    }

    [Fact]
    public void Batches_broadcast()
    {
        Tensor a = Values(2, 1, 3, 4);
        Tensor b = Values(5, 4, 2);
        Tensor product = a.matmul(b);

        Assert.Equal([2, 5, 3, 2], product.shape);
        Assert.True(product[1, 3].allclose(a[1, 0].mm(b[3]), 1e-4, 1e-5));
        Assert.True(Values(2, 3, 4).transpose(1, 2).matmul(Values(2, 3, 4))[1].allclose(Values(2, 3, 4)[1].t().mm(Values(2, 3, 4)[1]), 1e-4, 1e-5));
        Assert.Equal([2, 0], zeros(2, 3).mm(zeros([3, 0])).shape);
        Assert.Equal([0f, 0], zeros([1, 0]).mm(zeros([0, 2])).data<float>().ToArray());
    }

    [Theory]
    [InlineData(1, 0, 1, 1)]
    [InlineData(2, 1, 1, 1)]
    [InlineData(1, 2, 2, 1)]
    [InlineData(3, 1, 1, 2)]
    public void A_convolution_is_its_sums(int stride, int padding, int dilation, int groups)
    {
        Tensor x = Values(2, 4, 7, 6);
        Tensor w = Values(6, 4 / groups, 3, 2);
        Tensor b = Values(6);
        Tensor y = nn.functional.conv2d(x, w, b, [stride], [padding], [dilation], groups);
        var input = x.data<float>();
        for (long n = 0; n < 2; n++)
        {
            for (long o = 0; o < 6; o++)
            {
                for (long i = 0; i < y.size(2); i++)
                {
                    for (long j = 0; j < y.size(3); j++)
                    {
                        double sum = b.data<float>()[o];
                        for (long c = 0; c < 4 / groups; c++)
                        {
                            for (long u = 0; u < 3; u++)
                            {
                                for (long v = 0; v < 2; v++)
                                {
                                    (long r, long s) = ((i * stride) - padding + (u * dilation), (j * stride) - padding + (v * dilation));
                                    if (r is >= 0 and < 7 && s is >= 0 and < 6)
                                        sum += input[n, (o / (6 / groups) * (4 / groups)) + c, r, s] * w.data<float>()[o, c, u, v];
                                }
                            }
                        }

                        Assert.Equal(sum, y.data<float>()[n, o, i, j], 1e-4);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(1, 0, 1, 1)]
    [InlineData(2, 3, 2, 2)]
    public void A_convolution_along_a_row_is_its_sums(int stride, int padding, int dilation, int groups)
    {
        Tensor x = Values(2, 4, 9);
        Tensor w = Values(6, 4 / groups, 3);
        Tensor b = Values(6);
        Tensor y = nn.functional.conv1d(x, w, b, stride, padding, dilation, groups);
        Assert.Equal([2, 6, ((9 + (2 * padding) - (2 * dilation) - 1) / stride) + 1], y.shape);
        var input = x.data<float>();
        for (long n = 0; n < 2; n++)
        {
            for (long o = 0; o < 6; o++)
            {
                for (long i = 0; i < y.size(2); i++)
                {
                    double sum = b.data<float>()[o];
                    for (long c = 0; c < 4 / groups; c++)
                    {
                        for (long v = 0; v < 3; v++)
                        {
                            long at = (i * stride) - padding + (v * dilation);
                            sum += at is >= 0 and < 9 ? input[n, (o / (6 / groups) * (4 / groups)) + c, at] * w.data<float>()[o, c, v] : 0;
                        }
                    }

                    Assert.Equal(sum, y.data<float>()[n, o, i], 1e-4);
                }
            }
        }
    }

    [Fact]
    public void A_convolution_is_the_product_of_weights_and_windows()
    {
        Tensor x = Values(2, 3, 6, 5);
        Tensor w = Values(4, 3, 2, 3);
        Tensor windows = nn.functional.unfold(x, (2, 3), dilation: (2, 1), padding: (1, 2), stride: (1, 2));
        Tensor y = nn.functional.conv2d(x, w, null, [1, 2], [1, 2], [2, 1]);

        Assert.Equal([2, 18, y.size(2) * y.size(3)], windows.shape);
        Assert.True(w.reshape(4, 18).matmul(windows).reshape(y.shape).allclose(y, 1e-4, 1e-5));
        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => nn.functional.unfold(x[0], 2));
        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => nn.functional.fold(windows, (6, 5), (2, 2)));
        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => nn.functional.conv1d(x, w));
    }

    [Fact]
    public void Same_padding_keeps_the_size_and_pads_more_after_than_before()
    {
        Tensor x = Values(1, 2, 5);
        Tensor w = Values(1, 2, 4);
        Tensor padded = nn.functional.pad(x, [1, 2]);

        Tensor same = nn.functional.conv1d_padding(x, w, padding: TorchSharp.Padding.Same);

        Assert.Equal(x.size(2), same.size(2));
        Assert.True(same.allclose(nn.functional.conv1d(padded, w), 1e-4, 1e-6));
        Assert.True(nn.functional.conv1d_padding(x, w).allclose(nn.functional.conv1d(x, w)));
        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => nn.functional.conv1d_padding(x, w, stride: 2, padding: TorchSharp.Padding.Same));
    }

    [Theory]
    [InlineData(5, false)]
    [InlineData(64, true)]
    [InlineData(150, true)]
    [InlineData(150, false)]
    public void Attention_is_softmax_of_scores_times_values(int length, bool causal)
    {
        Tensor q = Values(2, length, 8);
        Tensor k = Values(2, length, 8).flip(1);
        Tensor v = Values(2, length, 8).flip(0);
        Tensor scores = q.matmul(k.transpose(1, 2)) / Math.Sqrt(8);
        if (causal)
            scores = scores.masked_fill(ones([length, length], ScalarType.Bool).triu(1), double.NegativeInfinity);

        Tensor y = nn.functional.scaled_dot_product_attention(q, k, v, is_casual: causal);

        Assert.True(y.allclose(scores.softmax(-1).matmul(v), 1e-4, 1e-5));
    }

    [Fact]
    public void Causal_attention_has_the_gradients_of_its_definition_over_several_blocks()
    {
        Tensor[] plain = [Values(1, 150, 4), Values(1, 150, 4).flip(1), Values(1, 150, 4).flip(2)];
        Tensor[] fused = [.. plain.Select(t => t.clone().requires_grad_())];
        Tensor[] written = [.. plain.Select(t => t.clone().requires_grad_())];
        Tensor mask = ones([150, 150], ScalarType.Bool).triu(1);

        nn.functional.scaled_dot_product_attention(fused[0], fused[1], fused[2], is_casual: true).square().sum().backward();
        (written[0].matmul(written[1].transpose(1, 2)) / 2).masked_fill(mask, double.NegativeInfinity).softmax(-1).matmul(written[2]).square().sum().backward();

        for (int i = 0; i < 3; i++)
            Assert.True(fused[i].grad!.allclose(written[i].grad!, 1e-3, 1e-4));
    }

    private static Tensor Values(params long[] shape) => Autograd.GradCheck.Values(shape, seed: shape.Length);
}
