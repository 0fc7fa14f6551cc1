using Xunit;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Ops;

public class ReductionTests
{
    private static readonly Tensor Box = Autograd.GradCheck.Values([3, 4, 5], seed: 1);

    public static TheoryData<long[]> Dims => [new long[] { 0 }, new long[] { 1 }, new long[] { 2 }, new long[] { 0, 1 }, new long[] { 0, 2 }, new long[] { 1, -1 }, new long[] { 0, 1, 2 }];

    [Theory]
    [MemberData(nameof(Dims))]
    public void Reductions_agree_with_grouping_the_elements(long[] dims)
    {
        double[][] groups = Groups(Box, dims);

        Assert.All(groups.Select(g => g.Sum()).Zip(Box.sum(dims).data<float>().ToArray()), p => Assert.Equal(p.First, p.Second, 1e-5));
        Assert.All(groups.Select(g => g.Average()).Zip(Box.mean(dims).data<float>().ToArray()), p => Assert.Equal(p.First, p.Second, 1e-5));
        Assert.Equal(groups.Select(g => (float)g.Max()), Box.amax(dims, false).data<float>().ToArray());
        Assert.Equal(groups.Select(g => (float)g.Min()), Box.amin(dims, false).data<float>().ToArray());
        Assert.All(
            groups.Select(g => g.Sum(v => Math.Pow(v - g.Average(), 2)) / (g.Length - 1)).Zip(Box.var(dims).data<float>().ToArray()),
            p => Assert.Equal(p.First, p.Second, 1e-5));
        Assert.Equal(Box.sum(dims).numel(), Box.sum(dims, keepdim: true).numel());
        Assert.Equal(3, Box.sum(dims, keepdim: true).ndim);
    }

    [Fact]
    public void Extremes_come_with_their_first_index()
    {
        Tensor x = tensor(new[,] { { 1f, 5, 5 }, { 7, 2, 0 } });

        Assert.Equal([1L, 0], x.argmax(1).data<long>().ToArray());
        Assert.Equal([0L, 1, 1], x.argmin(0).data<long>().ToArray());
        Assert.Equal(3, x.argmax().item<long>());
        (Tensor values, Tensor indexes) = x.min(1, keepdim: true);
        Assert.Equal([1f, 0], values.data<float>().ToArray());
        Assert.Equal([2, 1], indexes.shape);
    }

    [Fact]
    public void The_literal_zero_means_a_dtype_as_in_TorchSharp()
    {
        Tensor x = ones(2, 3);

        Assert.Empty(x.sum(0).shape);
        Assert.Equal([3], x.sum([0]).shape);
    }

    [Fact]
    public void Order()
    {
        Tensor x = tensor([3f, 1, 2, 1]);

        Assert.Equal([1L, 3, 2, 0], x.argsort().data<long>().ToArray());
        (Tensor values, Tensor indices) = x.sort(descending: true);
        Assert.Equal([3f, 2, 1, 1], values.data<float>().ToArray());
        Assert.Equal([0L, 2, 1, 3], indices.data<long>().ToArray());
        Assert.Equal([3f, 2], x.topk(2).values.data<float>().ToArray());
        Assert.Equal([3f, 4, 6, 7], x.cumsum(0).data<float>().ToArray());
        Assert.Equal(MathF.Sqrt(15), x.norm().item<float>(), 1e-5f);
    }

    [Fact]
    public void Softmax_of_rows_sums_to_one_and_stands_large_values()
    {
        Tensor x = tensor(new[,] { { 1000f, 1001, 999 }, { -5, 0, 5 } });
        Tensor y = x.softmax(1);

        Assert.All(y.sum([1]).data<float>().ToArray(), s => Assert.Equal(1, s, 5));
        Assert.True(y.log().allclose(x.log_softmax(1), 1e-4, 1e-5));
        Assert.Equal(1001 + Math.Log(1 + Math.Exp(-1) + Math.Exp(-2)), x.logsumexp(1).data<float>()[0], 1e-3f);
        Assert.True(x.t().softmax(0).allclose(y.t()));
    }

    private static double[][] Groups(Tensor x, long[] dims)
    {
        long[] shape = x.shape;
        bool[] gone = [.. shape.Select((_, i) => dims.Contains(i) || dims.Contains(i - shape.Length))];
        var groups = new SortedDictionary<long, List<double>>();
        float[] values = x.data<float>().ToArray();
        for (int i = 0; i < values.Length; i++)
        {
            long[] at = [i / 20, i / 5 % 4, i % 5];
            long key = at.Select((a, d) => gone[d] ? 0 : a * (long)Math.Pow(10, 2 - d)).Sum();
            if (!groups.TryGetValue(key, out List<double>? group))
                groups[key] = group = [];
            group.Add(values[i]);
        }

        return [.. groups.Values.Select(g => g.ToArray())];
    }
}
