using System.Runtime.InteropServices;
using Xunit;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Core;

public class RandomTests
{
    [Fact]
    public void The_same_seed_gives_the_same_numbers()
    {
        manual_seed(5);
        float[] first = randn(7).data<float>().ToArray();
        float[] next = randn(7).data<float>().ToArray();
        manual_seed(5);

        Assert.Equal(first, randn(7).data<float>().ToArray());
        Assert.NotEqual(first, next);
        Assert.Equal(5, initial_seed());
    }

    [Fact]
    public void The_state_goes_round_with_half_a_pair_of_normals_in_it()
    {
        manual_seed(1);
        randn(3);
        Tensor state = get_rng_state();
        float[] expected = [.. randn(4).data<float>().ToArray(), .. rand(3).data<float>().ToArray()];

        set_rng_state(state);

        Assert.Equal(ScalarType.Byte, state.dtype);
        float[] again = [.. randn(4).data<float>().ToArray(), .. rand(3).data<float>().ToArray()];
        Assert.Equal(expected, again);
        Assert.Throws<ExternalException>(() => set_rng_state(zeros(3)));
    }

    [Fact]
    public void A_generator_of_its_own_leaves_the_default_alone()
    {
        manual_seed(9);
        float[] expected = rand(3).data<float>().ToArray();
        manual_seed(9);
        using var generator = new Generator(77);
        Tensor mine = rand([3], generator: generator);

        Assert.Equal(expected, rand(3).data<float>().ToArray());
        Assert.Equal(mine.data<float>().ToArray(), rand([3], generator: new Generator(77)).data<float>().ToArray());
    }

    [Fact]
    public void Moments_are_those_of_the_distributions()
    {
        manual_seed(2);
        Tensor normal = empty(200_000).normal_(1, 2);
        Tensor uniform = empty(200_000).uniform_(-1, 3);

        Assert.Equal(1, normal.mean().item<float>(), 0.03);
        Assert.Equal(2, normal.std().item<float>(), 0.03);
        Assert.Equal(1, uniform.mean().item<float>(), 0.03);
        Assert.Equal(16f / 12, uniform.var().item<float>(), 0.03);
        Assert.InRange(uniform.min().item<float>(), -1, -0.99);
        Assert.InRange(uniform.max().item<float>(), 2.99, 3);
    }

    [Fact]
    public void Integers_and_permutations()
    {
        manual_seed(3);
        long[] draws = randint(2, 7, [5000]).data<long>().ToArray();

        Assert.Equal([2L, 3, 4, 5, 6], draws.Distinct().Order());
        Assert.All(draws.GroupBy(d => d), g => Assert.InRange(g.Count(), 850, 1150));
        long[] order = randperm(50).data<long>().ToArray();
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), order.Order());
        Assert.NotEqual(order, order.Order());
    }

    [Fact]
    public void Multinomial_follows_the_weights()
    {
        manual_seed(4);
        long[] draws = multinomial(tensor([1f, 0, 3]), 4000, replacement: true).data<long>().ToArray();

        Assert.DoesNotContain(1, draws);
        Assert.InRange(draws.Count(d => d == 2), 2850, 3150);
        Tensor rows = multinomial(tensor(new[,] { { 0f, 1, 0 }, { 1, 1, 0 } }), 1);
        Assert.Equal([2, 1], rows.shape);
        Assert.Equal(1, rows[0, 0].item<long>());
        Assert.Equal([0L, 1], multinomial(tensor([1f, 1, 0]), 2).data<long>().ToArray().Order());
        Assert.Throws<ExternalException>(() => multinomial(zeros(3), 1));
    }

    [Fact]
    public void Dropout_keeps_the_mean_and_is_off_in_evaluation()
    {
        manual_seed(6);
        Tensor x = ones(100_000);
        float[] dropped = nn.functional.dropout(x, 0.25).data<float>().ToArray();

        Assert.Equal([0f, 1 / 0.75f], dropped.Distinct().Order());
        Assert.Equal(1, dropped.Average(), 0.02);
        Assert.True(nn.functional.dropout(x, 0.25, training: false).Equals(x));
    }
}
