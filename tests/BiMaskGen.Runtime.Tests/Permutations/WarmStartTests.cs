using BiMaskGen.Masks;
using BiMaskGen.Permutations;
using BiMaskGen.Runtime.Tests.Support;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Permutations;

public sealed class WarmStartTests
{
    private const int Rows = 256, Columns = 192;

    /// <summary>
    /// The figures of docs/methods.md: ten searches, each from the last permutation, on weights that move by a share of their size in between, against
    /// fresh ones; in points of the kept weights, on average.
    /// </summary>
    [Theory]
    [InlineData(2, 4, 0.1f, -0.4)]
    [InlineData(2, 4, 0.02f, -0.2)]
    [InlineData(2, 4, 0.005f, -0.05)]
    [InlineData(1, 4, 0.1f, -0.7)]
    [InlineData(1, 4, 0.02f, -0.5)]
    [InlineData(1, 4, 0.005f, -0.3)]
    [InlineData(1, 16, 0.1f, -0.5)]
    [InlineData(1, 16, 0.02f, -0.4)]
    [InlineData(1, 16, 0.005f, 0.3)]
    public void AChainOfSearches_KeepsNearlyWhatFreshOnesKeep(int n, int m, float move, double least)
    {
        float[] weight = TestWeights.Gaussian(Rows * Columns, 1);
        int[] last = [];
        double mean = 0;
        const int refreshes = 10;
        for (int refresh = 0; refresh < refreshes; refresh++)
        {
            NMMask forward = Forward(n, m, weight);
            PermutationResult fresh = RowPermutation.Find(forward, new(n, m), PermutationSearchOptions.Default);
            PermutationResult warm = RowPermutation.Find(forward, new(n, m), PermutationSearchOptions.Default with { Start = last });
            Assert.True(last.Length > 0 || fresh.Permutation.SequenceEqual(warm.Permutation));
            Assert.True(last.Length == 0 || warm.Kept >= RowPermutation.CountKept(forward, new(n, m), last));
            mean += 100.0 * (warm.Kept - fresh.Kept) / forward.CountKept() / refreshes;
            last = warm.Permutation;
            float[] step = TestWeights.Gaussian(weight.Length, 100 + refresh);
            weight = [.. weight.Select((w, i) => w + (move * step[i]))];
        }

        Assert.InRange(mean, least, 1);
    }

    [Theory]
    [InlineData(PermutationSearch.Swap)]
    [InlineData(PermutationSearch.Thorough)]
    public void IsAFunctionOfItsStart_AndNeverWorseThanTheIdentity(PermutationSearch search)
    {
        NMMask forward = Forward(2, 4, TestWeights.LowRank(Rows, Columns, 4, 2));
        int[] start = [.. Enumerable.Range(0, Rows).Reverse()];
        var options = new PermutationSearchOptions(search) { Start = start };
        PermutationResult one = RowPermutation.Find(forward, new(2, 4), options), two = RowPermutation.Find(forward, new(2, 4), options);
        Assert.Equal(one.Permutation, two.Permutation);
        Assert.True(one.Kept >= one.IdentityKept && one.Kept >= RowPermutation.CountKept(forward, new(2, 4), start));
    }

    [Fact]
    public void AStartThatIsNoPermutation_IsRefused()
    {
        NMMask forward = Forward(2, 4, TestWeights.Gaussian(Rows * Columns, 1));
        Assert.Throws<ArgumentException>(() => RowPermutation.Find(forward, new(2, 4), PermutationSearchOptions.Default with { Start = new int[Rows] }));
        Assert.Throws<ArgumentException>(() => RowPermutation.Find(forward, new(2, 4), PermutationSearchOptions.Default with { Start = new int[] { 0 } }));
    }

    private static NMMask Forward(int n, int m, float[] weight)
    {
        var mask = new NMMask(Rows, Columns);
        ForwardMask.Compute(new(n, m), weight, Rows, Columns, mask);
        return mask;
    }
}
