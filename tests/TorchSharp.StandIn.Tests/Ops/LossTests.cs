using System.Runtime.InteropServices;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace TorchSharp.Tests.Ops;

public class LossTests
{
    private static readonly Tensor Logits = Autograd.GradCheck.Values([4, 3], seed: 2);
    private static readonly long[] Target = [2, 0, 1, 2];
    private static readonly float[] Weight = [0.5f, 2, 1];

    [Theory]
    [InlineData(0.0, -100, false)]
    [InlineData(0.1, -100, false)]
    [InlineData(0.0, 2, false)]
    [InlineData(0.0, -100, true)]
    [InlineData(0.3, 2, true)]
    public void Cross_entropy_is_its_formula(double smoothing, long ignored, bool weighted)
    {
        double sum = 0;
        double total = 0;
        for (int i = 0; i < 4; i++)
        {
            if (Target[i] == ignored)
                continue;
            double[] row = [.. Enumerable.Range(0, 3).Select(c => (double)Logits.data<float>()[i, c])];
            double norm = Math.Log(row.Sum(Math.Exp));
            double[] scale = [.. Weight.Select(w => weighted ? w : 1.0)];
            sum -= (1 - smoothing) * scale[Target[i]] * (row[Target[i]] - norm);
            sum -= smoothing / 3 * row.Select((v, c) => scale[c] * (v - norm)).Sum();
            total += scale[Target[i]];
        }

        Tensor? weight = weighted ? tensor(Weight) : null;
        Assert.Equal(sum / total, cross_entropy(Logits, tensor(Target), weight, ignored, label_smoothing: smoothing).item<float>(), 1e-5f);
        Assert.Equal(sum, cross_entropy(Logits, tensor(Target), weight, ignored, nn.Reduction.Sum, smoothing).item<float>(), 1e-4f);
    }

    [Fact]
    public void Classes_out_of_range_and_probabilities_are_refused()
    {
        Assert.Throws<ExternalException>(() => cross_entropy(Logits, tensor([0L, 1, 2, 3])));
        Assert.Throws<ExternalException>(() => cross_entropy(Logits, tensor([0L, 1])));
        Assert.Throws<NotSupportedException>(() => cross_entropy(Logits, zeros(4, 3)));
    }

    [Fact]
    public void Mean_squared_error_and_reductions()
    {
        Tensor a = tensor([1f, 2, 4]);
        Tensor b = tensor([0f, 2, 1]);

        Assert.Equal(10f / 3, mse_loss(a, b).item<float>(), 1e-5f);
        Assert.Equal([1f, 0, 9], mse_loss(a, b, nn.Reduction.None).data<float>().ToArray());
        Assert.Equal(4, l1_loss(a, b, nn.Reduction.Sum).item<float>());
    }

    [Fact]
    public void Batch_norm_follows_the_batch_and_uses_what_it_followed()
    {
        Tensor x = Autograd.GradCheck.Values([4, 2, 3], seed: 3);
        (Tensor mean, Tensor variance) = (zeros(2), ones(2));
        Tensor y = batch_norm(x, mean, variance, training: true, momentum: 0.5);

        Assert.True(y.mean([0, 2]).allclose(zeros(2), atol: 1e-6));
        Assert.True(mean.allclose(x.mean([0, 2]) * 0.5, 1e-5));
        Assert.True(variance.allclose((x.var([0, 2]) * 0.5) + 0.5, 1e-5));
        Tensor expected = (x - mean.view(1, 2, 1)) / (variance.view(1, 2, 1) + 1e-5).sqrt();
        Assert.True(batch_norm(x, mean, variance).allclose(expected, 1e-4, 1e-6));
    }

    [Fact]
    public void Pooling_of_a_known_image()
    {
        Tensor x = arange(16).@float().view(1, 1, 4, 4);

        Assert.Equal([5f, 7, 13, 15], max_pool2d(x, 2).data<float>().ToArray());
        Assert.Equal([2.5f, 4.5f, 10.5f, 12.5f], avg_pool2d(x, 2).data<float>().ToArray());
        Assert.Equal([5f, 7, 7, 13, 15, 15, 13, 15, 15], max_pool2d(x, 3, 2, 1, 1, true).data<float>().ToArray());
        Assert.Equal([0f, 1.5f, 3, 6, 7.5f, 9, 12, 13.5f, 15], avg_pool2d(x, [2, 2], [2, 2], [1, 1], count_include_pad: false).data<float>().ToArray());
        Assert.Equal([0f, 0.75f, 0.75f], avg_pool2d(x, 2, 2, 1).data<float>().ToArray()[..3]);
        Assert.Equal([7.5f], adaptive_avg_pool2d(x, 1).data<float>().ToArray());
        Assert.Equal([2.5f, 3.5f, 4.5f, 6.5f], adaptive_avg_pool2d(x, [3, 3]).data<float>().ToArray()[..4]);
        Assert.Equal([2, 5], pad(ones(1, 2), [1, 2, 0, 1]).shape);
        Assert.Equal([9f, 1, 1, 9, 9, 9, 9, 9, 9, 9], pad(ones(1, 2), [1, 2, 0, 1], value: 9).data<float>().ToArray());
    }
}
