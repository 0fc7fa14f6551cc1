using BiMaskGen.Masks;
using BiMaskGen.Permutations;
using BiMaskGen.Runtime.Tests.Support;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Permutations;

public class SearchQualityTests
{
    public static TheoryData<int, int> Patterns =>
        new() { { 2, 4 }, { 1, 4 }, { 1, 2 }, { 2, 8 }, { 4, 8 }, { 1, 16 }, { 2, 16 }, { 9, 13 } };

    [Theory]
    [InlineData(2, 4, 84.6, 84.85)]
    [InlineData(1, 4, 74.4, 74.8)]
    [InlineData(2, 8, 81.6, 81.9)]
    [InlineData(1, 16, 75.1, 75.5)]
    public void Share_of_Gaussian_weights_that_survive(int n, int m, double percent, double thoroughPercent)
    {
        NMMask forward = Forward(new(n, m), TestWeights.Gaussian(512 * 512, 1), 512, 512);
        PermutationResult swap = RowPermutation.Find(forward, new(n, m), PermutationSearchOptions.Default);
        PermutationResult thorough = RowPermutation.Find(forward, new(n, m), new(PermutationSearch.Thorough));
        Assert.InRange(100.0 * swap.Kept / swap.ForwardKept, percent, 100);
        Assert.InRange(100.0 * thorough.Kept / thorough.ForwardKept, thoroughPercent, 100);
    }

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Structured_weights_lose_little_to_plain_swap(int n, int m)
    {
        float[][] weights = [TestWeights.ColumnScales(258, 250, 2), TestWeights.LowRank(258, 250, 8, 3), TestWeights.CorrelatedRows(258, 250, 16, 4)];
        foreach (float[] weight in weights)
        {
            NMMask forward = Forward(new(n, m), weight, 258, 250);
            long plain = PlainSwap.Kept(forward, new(n, m));
            PermutationResult swap = RowPermutation.Find(forward, new(n, m), PermutationSearchOptions.Default);
            PermutationResult thorough = RowPermutation.Find(forward, new(n, m), new(PermutationSearch.Thorough));
            Assert.InRange(100.0 * (swap.Kept - plain) / forward.CountKept(), -0.5, 100);
            Assert.InRange(100.0 * (thorough.Kept - plain) / forward.CountKept(), 0, 100);
        }
    }

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Gaussian(int n, int m) => BeatsRandom(n, m, 96, 130, TestWeights.Gaussian(96 * 130, 7));

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Column_scales(int n, int m) => BeatsRandom(n, m, 128, 96, TestWeights.ColumnScales(128, 96, 8));

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Low_rank(int n, int m) => BeatsRandom(n, m, 100, 192, TestWeights.LowRank(100, 192, 3, 9));

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Correlated_rows(int n, int m) => BeatsRandom(n, m, 129, 64, TestWeights.CorrelatedRows(129, 64, 8, 10));

    // More groups than one assignment problem takes, the last one of a single row.
    [Fact]
    public void Many_groups() => BeatsRandom(1, 2, 1101, 40, TestWeights.Gaussian(1101 * 40, 11));

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Tiny(int n, int m)
    {
        for (int rows = 1; rows <= 20; rows++)
        {
            int columns = 1 + (rows * 7 % 40);
            BeatsRandom(n, m, rows, columns, TestWeights.Gaussian(rows * columns, rows));
        }
    }

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Masks_of_any_density(int n, int m)
    {
        var random = new Random(3);
        for (int i = 0; i < 12; i++)
        {
            int rows = random.Next(1, 80);
            int columns = random.Next(1, 150);
            double density = random.NextDouble();
            bool[] bits = [.. Enumerable.Range(0, rows * columns).Select(_ => random.NextDouble() < density)];
            BeatsRandom(new(n, m), MaskReference.ToMask(bits, rows, columns));
        }
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(8, 0)]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(21, 33)]
    public void Empty_and_full_masks(int rows, int columns)
    {
        BeatsRandom(new(2, 4), new NMMask(rows, columns));
        BeatsRandom(new(2, 4), MaskReference.ToMask([.. Enumerable.Repeat(true, rows * columns)], rows, columns));
    }

    private static void BeatsRandom(int n, int m, int rows, int columns, float[] weight) =>
        BeatsRandom(new(n, m), Forward(new(n, m), weight, rows, columns));

    private static void BeatsRandom(NMPattern pattern, NMMask forward)
    {
        PermutationResult swap = RowPermutation.Find(forward, pattern, PermutationSearchOptions.Default);
        PermutationResult random = RowPermutation.Find(forward, pattern, new(PermutationSearch.PaperRandom));
        PermutationResult thorough = RowPermutation.Find(forward, pattern, new(PermutationSearch.Thorough));
        foreach (PermutationResult result in new[] { swap, random, thorough })
        {
            Assert.Equal(Enumerable.Range(0, forward.Rows), result.Permutation.Order());
            Assert.Equal(KeptReference(pattern, forward, result.Permutation), result.Kept);
            Assert.Equal(KeptReference(pattern, forward, RowPermutation.Identity(forward.Rows)), result.IdentityKept);
            Assert.Equal(forward.CountKept(), result.ForwardKept);
            Assert.InRange(result.Kept, result.IdentityKept, result.ForwardKept);
        }

        Assert.True(swap.Kept >= random.Kept, $"{swap.Kept} < {random.Kept}");
        Assert.True(thorough.Kept >= swap.Kept, $"{thorough.Kept} < {swap.Kept}");
    }

    private static long KeptReference(NMPattern pattern, NMMask forward, int[] permutation)
    {
        long kept = 0;
        foreach (int[] group in permutation.Chunk(pattern.M))
        {
            for (int column = 0; column < forward.Columns; column++)
            {
                kept += Math.Min(pattern.N, group.Count(row => forward[row, column]));
            }
        }

        return kept;
    }

    private static NMMask Forward(NMPattern pattern, float[] weight, int rows, int columns) =>
        MaskReference.ToMask(MaskReference.Forward(pattern.N, pattern.M, weight, rows, columns), rows, columns);
}
