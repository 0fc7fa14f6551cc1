using BiMaskGen.Masks;
using BiMaskGen.Permutations;
using BiMaskGen.Runtime.Tests.Support;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Permutations;

public class RowPermutationTests
{
    private static readonly NMPattern TwoOfFour = new(2, 4);

    [Theory]
    [InlineData(true)]
    [InlineData(true, 0)]
    [InlineData(true, 2, 0, 1)]
    [InlineData(false, 1)]
    [InlineData(false, -1)]
    [InlineData(false, 0, 0)]
    [InlineData(false, 0, 1, 3)]
    public void IsPermutation(bool expected, params int[] permutation) =>
        Assert.Equal(expected, RowPermutation.IsPermutation(permutation));

    [Fact]
    public void Identity_is_scored_and_returned()
    {
        NMMask forward = SearchDeterminismTests.IntegerMask(30, 50);
        PermutationResult result = RowPermutation.Find(forward, TwoOfFour, new(PermutationSearch.Identity));
        Assert.Equal(Enumerable.Range(0, 30), result.Permutation);
        Assert.Equal(result.IdentityKept, result.Kept);
        Assert.Equal(RowPermutation.CountKept(forward, TwoOfFour, result.Permutation), result.Kept);
        Assert.True(result.Kept < result.ForwardKept);
    }

    [Theory]
    [InlineData(PermutationSearch.Swap)]
    [InlineData(PermutationSearch.PaperRandom)]
    [InlineData(PermutationSearch.Thorough)]
    public void Where_nothing_can_be_gained_the_identity_wins(PermutationSearch search)
    {
        // One group only; and rows that never meet in a column.
        NMMask oneGroup = SearchDeterminismTests.IntegerMask(4, 40);
        Assert.Equal([0, 1, 2, 3], RowPermutation.Find(oneGroup, TwoOfFour, new(search)).Permutation);
        var diagonal = new NMMask(20, 20);
        for (int i = 0; i < 20; i++)
        {
            diagonal.Set(i, i);
        }

        Assert.Equal(Enumerable.Range(0, 20), RowPermutation.Find(diagonal, TwoOfFour, new(search)).Permutation);
    }

    [Fact]
    public void More_random_candidates_never_keep_less()
    {
        NMMask forward = SearchDeterminismTests.IntegerMask(60, 100);
        long[] kept = [.. new[] { 0, 1, 10, 100, 400 }.Select(
            k => RowPermutation.Find(forward, TwoOfFour, new(PermutationSearch.PaperRandom, Candidates: k)).Kept)];
        Assert.Equal(kept.Order(), kept);
        Assert.True(kept[^1] > kept[0]);
    }

    [Fact]
    public void More_budget_keeps_more_and_none_still_gives_a_permutation()
    {
        NMMask forward = SearchDeterminismTests.IntegerMask(301, 400);
        PermutationResult Find(long budget, int passes) =>
            RowPermutation.Find(forward, TwoOfFour, new(PermutationSearch.Swap, 0, Passes: passes, Budget: budget));

        PermutationResult none = Find(0, 9);
        PermutationResult some = Find(50_000, 9);
        PermutationResult greedy = Find(1 << 28, 0);
        PermutationResult full = Find(1 << 28, 9);
        foreach (PermutationResult result in new[] { none, some, greedy, full })
        {
            Assert.True(RowPermutation.IsPermutation(result.Permutation));
            Assert.Equal(RowPermutation.CountKept(forward, TwoOfFour, result.Permutation), result.Kept);
        }

        Assert.True(none.Kept >= none.IdentityKept);
        Assert.True(some.Kept > none.Kept);
        Assert.True(greedy.Kept > some.Kept);
        Assert.True(full.Kept > greedy.Kept);
    }

    [Fact]
    public void Kept_is_what_the_backward_mask_keeps()
    {
        float[] weight = TestWeights.Gaussian(45 * 90, 4);
        var forward = new NMMask(45, 90);
        var backward = new NMMask(45, 90);
        ForwardMask.Compute(TwoOfFour, weight, 45, 90, forward);
        PermutationResult result = RowPermutation.Find(forward, TwoOfFour, PermutationSearchOptions.Default);
        BackwardMask.Compute(TwoOfFour, weight, 45, 90, forward, result.Permutation, backward);
        Assert.Equal(result.Kept, backward.CountKept());
        Assert.True(result.Kept > result.IdentityKept);
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_refused()
    {
        var mask = new NMMask(4, 4);
        Assert.Throws<ArgumentNullException>(() => RowPermutation.Find(null!, TwoOfFour, PermutationSearchOptions.Default));
        Assert.Throws<NMSparsePatternException>(() => RowPermutation.Find(mask, default, PermutationSearchOptions.Default));
        Assert.Throws<ArgumentOutOfRangeException>(() => RowPermutation.Find(mask, TwoOfFour, new((PermutationSearch)9)));
        Assert.Throws<ArgumentOutOfRangeException>(() => RowPermutation.Find(mask, TwoOfFour, new(PermutationSearch.Swap, Candidates: -1)));
        Assert.Throws<ArgumentException>(() => RowPermutation.CountKept(mask, TwoOfFour, [0, 1, 2]));
        Assert.Throws<ArgumentException>(() => RowPermutation.CountKept(mask, TwoOfFour, [0, 1, 2, 2]));
    }
}
