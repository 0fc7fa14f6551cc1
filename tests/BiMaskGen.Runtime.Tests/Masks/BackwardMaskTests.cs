using BiMaskGen.Masks;
using BiMaskGen.Patterns;
using BiMaskGen.Permutations;
using BiMaskGen.Runtime.Tests.Support;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Masks;

public class BackwardMaskTests
{
    private static readonly NMPattern TwoOfFour = new(2, 4);

    [Fact]
    public void A_tie_goes_to_the_lower_permuted_position()
    {
        float[] weight = [1, 1, 1, 1];
        var backward = new NMMask(4, 1);
        BackwardMask.Compute(TwoOfFour, weight, 4, 1, Full(4, 1), [3, 1, 0, 2], backward);
        Assert.Equal([false, true, false, true], MaskReference.Flatten(backward));
    }

    [Fact]
    public void A_kept_zero_outranks_a_pruned_weight()
    {
        float[] weight = [0, 9, -0f, 8];
        NMMask forward = MaskReference.ToMask([true, false, true, false], 4, 1);
        var backward = new NMMask(4, 1);
        BackwardMask.Compute(TwoOfFour, weight, 4, 1, forward, [1, 3, 0, 2], backward);
        Assert.Equal([true, false, true, false], MaskReference.Flatten(backward));
    }

    [Fact]
    public void A_group_with_fewer_than_N_keeps_them_and_no_pruned_weight()
    {
        float[] weight = [1, 9, 9, 9, 2];
        NMMask forward = MaskReference.ToMask([true, false, false, false, true], 5, 1);
        var backward = new NMMask(5, 1);
        BackwardMask.Compute(TwoOfFour, weight, 5, 1, forward, RowPermutation.Identity(5), backward);
        Assert.Equal([true, false, false, false, true], MaskReference.Flatten(backward));
    }

    [Fact]
    public void Every_count_of_columns_around_the_vector_and_word_widths()
    {
        int[] permutation = TestWeights.Permutation(11, 3);
        for (int columns = 0; columns <= 140; columns++)
        {
            float[] weight = TestWeights.Ties(11 * columns, columns);
            bool[] forward = MaskReference.Forward(2, 4, weight, 11, columns);
            var backward = new NMMask(11, columns);
            BackwardMask.Compute<Pattern2x4>(
                weight, 11, columns, MaskReference.ToMask(forward, 11, columns), permutation, backward);
            bool[] expected = MaskReference.Backward(2, 4, weight, 11, columns, forward, permutation);
            Assert.Equal(-1, MaskReference.FirstDifference(expected, backward));
        }
    }

    [Fact]
    public void Group_ranges_add_up_to_the_whole()
    {
        int[] permutation = TestWeights.Permutation(11, 5);
        float[] weight = TestWeights.Gaussian(11 * 70, 2);
        NMMask forward = Full(11, 70);
        var whole = new NMMask(11, 70);
        var parts = new NMMask(11, 70);
        BackwardMask.Compute(TwoOfFour, weight, 11, 70, forward, permutation, whole);
        BackwardMask.Compute(TwoOfFour, weight, 11, 70, forward, permutation, parts, 1, 2);
        Assert.Equal((2 + 2) * 70, parts.CountKept());
        BackwardMask.Compute(TwoOfFour, weight, 11, 70, forward, permutation, parts, 0, 1);
        Assert.Equal(whole.Words.ToArray(), parts.Words.ToArray());
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_refused()
    {
        float[] weight = new float[16];
        NMMask forward = Full(4, 4);
        var backward = new NMMask(4, 4);
        void Compute(int[] permutation, NMMask target, int first = 0, int count = 1) =>
            BackwardMask.Compute(TwoOfFour, weight, 4, 4, forward, permutation, target, first, count);

        Compute([0, 1, 2, 3], backward);
        Assert.Throws<ArgumentException>(() => Compute([0, 1, 2], backward));
        Assert.Throws<ArgumentException>(() => Compute([0, 1, 2, 4], backward));
        Assert.Throws<ArgumentException>(() => Compute([0, 1, 2, -1], backward));
        Assert.Throws<ArgumentException>(() => Compute([0, 1, 2, 2], backward));
        Assert.Throws<ArgumentException>(() => Compute([0, 1, 2, 3], forward));
        Assert.Throws<ArgumentException>(() => Compute([0, 1, 2, 3], new NMMask(4, 5)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Compute([0, 1, 2, 3], backward, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Compute([0, 1, 2, 3], backward, 0, -1));
    }

    private static NMMask Full(int rows, int columns) =>
        MaskReference.ToMask([.. Enumerable.Repeat(true, rows * columns)], rows, columns);
}
