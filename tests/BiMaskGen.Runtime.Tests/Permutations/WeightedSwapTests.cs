using BiMaskGen.Masks;
using BiMaskGen.Permutations;
using BiMaskGen.Runtime.Tests.Support;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Permutations;

public sealed class WeightedSwapTests
{
    public static TheoryData<int, int> Patterns { get; } = new() { { 2, 4 }, { 1, 2 }, { 1, 4 }, { 2, 8 }, { 3, 7 }, { 1, 16 }, { 31, 32 } };

    /// <summary>The figures of docs/methods.md: magnitude that survives, against the search by count, in points.</summary>
    [Theory]
    [InlineData(2, 4, 0.1, 0.2)]
    [InlineData(1, 4, 0.4, 0.6)]
    [InlineData(1, 16, 0.4, 0.55)]
    public void KeepsMoreMagnitude_AndFewerWeights(int n, int m, double least, double most)
    {
        float[] weight = TestWeights.Gaussian(256 * 256, 1);
        NMMask forward = Forward(n, m, weight, 256, 256);
        PermutationResult count = RowPermutation.Find(forward, new(n, m), PermutationSearchOptions.Default);
        PermutationResult weighted = RowPermutation.Find(forward, weight, new(n, m), new(PermutationSearch.Weighted));
        double whole = weight.Where((_, i) => forward[i / 256, i % 256]).Sum(w => Math.Abs((double)w));
        double more = 100 * (Magnitude(weighted.Permutation) - Magnitude(count.Permutation)) / whole;
        Assert.True(weighted.Kept < count.Kept);
        Assert.True(more >= least && more <= most, $"{more} points of magnitude, {100.0 * (weighted.Kept - count.Kept) / count.ForwardKept} of weights");

        double Magnitude(int[] permutation)
        {
            bool[] mask = MaskReference.Backward(n, m, weight, 256, 256, MaskReference.Flatten(forward), permutation);
            return weight.Where((_, i) => mask[i]).Sum(w => Math.Abs((double)w));
        }
    }

    [Theory]
    [MemberData(nameof(Patterns))]
    public void IsAPermutationThatKeepsWhatItsStartKeeps_AndALocalOptimum(int n, int m)
    {
        (int rows, int columns) = (Math.Max(40, (2 * m) + 3), 70);
        float[] weight = TestWeights.ColumnScales(rows, columns, 5);
        NMMask forward = Forward(n, m, weight, rows, columns);
        PermutationResult found = RowPermutation.Find(forward, weight, new(n, m), new(PermutationSearch.Weighted, Passes: 100));
        Assert.True(RowPermutation.IsPermutation(found.Permutation));
        long mass = Mass(found.Permutation);
        Assert.True(mass >= Mass(RowPermutation.Identity(rows)));
        Assert.Equal(RowPermutation.CountKept(forward, new(n, m), found.Permutation), found.Kept);
        for (int i = 0; i < rows; i++)
        {
            for (int j = i + 1; j < rows; j++)
            {
                int[] swapped = [.. found.Permutation];
                (swapped[i], swapped[j]) = (swapped[j], swapped[i]);
                Assert.True(Mass(swapped) <= mass, $"swapping {i} and {j} gains");
            }
        }

        long Mass(int[] permutation) => WeightedSwap.Mass(forward, weight, new(n, m), permutation);
    }

    [Theory]
    [MemberData(nameof(Patterns))]
    public void TheMass_IsTheSumOfTheLargestOfEveryGroupAndColumn(int n, int m)
    {
        const int Rows = 45, Columns = 37;
        float[] weight = TestWeights.Gaussian(Rows * Columns, 6);
        NMMask forward = Forward(n, m, weight, Rows, Columns);
        double largest = weight.Where((_, i) => forward[i / Columns, i % Columns]).Max(w => Math.Abs(w));
        int[] permutation = [.. Enumerable.Range(0, Rows).Reverse()];
        long expected = 0;
        for (int column = 0; column < Columns; column++)
        {
            expected += permutation.Chunk(m).Sum(group => group.Where(row => forward[row, column])
                .Select(row => (long)Math.Max(1, Math.Floor((Math.Abs(weight[(row * Columns) + column]) / largest * 255) + 0.5))).OrderDescending().Take(n).Sum());
        }

        Assert.Equal(expected, WeightedSwap.Mass(forward, weight, new(n, m), permutation));
    }

    [Fact]
    public void ABudgetOfNothing_LeavesTheStart_AndWeightsAreNeeded()
    {
        float[] weight = TestWeights.Gaussian(64 * 64, 1);
        NMMask forward = Forward(2, 4, weight, 64, 64);
        int[] start = RowPermutation.Find(forward, new(2, 4), PermutationSearchOptions.Default).Permutation;
        var options = new PermutationSearchOptions(PermutationSearch.Weighted, Passes: 0) { Start = start };
        Assert.Equal(start, RowPermutation.Find(forward, weight, new(2, 4), options).Permutation);
        Assert.Throws<ArgumentException>(() => RowPermutation.Find(forward, new(2, 4), options));
        Assert.Throws<ArgumentException>(() => RowPermutation.Find(forward, weight.AsSpan(1), new(2, 4), options));
    }

    [Fact]
    public void WeightsOfOneSize_OrNone_AreCounted()
    {
        float[] weight = [.. Enumerable.Repeat(0f, 64 * 16)];
        NMMask forward = Forward(2, 4, weight, 64, 16);
        PermutationResult found = RowPermutation.Find(forward, weight, new(2, 4), new(PermutationSearch.Weighted));
        Assert.Equal(found.Kept, WeightedSwap.Mass(forward, weight, new(2, 4), found.Permutation));
    }

    private static NMMask Forward(int n, int m, float[] weight, int rows, int columns)
    {
        var mask = new NMMask(rows, columns);
        ForwardMask.Compute(new(n, m), weight, rows, columns, mask);
        return mask;
    }
}
