using System.Numerics;
using BiMaskGen.Masks;
using BiMaskGen.Permutations;
using BiMaskGen.Runtime.Tests.Support;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Permutations;

public class SearchDeterminismTests
{
    private static readonly NMPattern TwoOfFour = new(2, 4);

    [Theory]
    // Recorded once: the same on every machine, instruction set and thread.
    [InlineData(PermutationSearch.Swap, 0, 0, 11867525269042076351)]
    [InlineData(PermutationSearch.Swap, 5, 300, 11867525269042076351)]
    [InlineData(PermutationSearch.Thorough, 0, 0, 1958002725476975276)]
    [InlineData(PermutationSearch.Thorough, 5, 300, 10998400837860116684)]
    [InlineData(PermutationSearch.PaperRandom, 0, 0, 14448384862123477831)]
    [InlineData(PermutationSearch.PaperRandom, 5, 300, 6401668180721302101)]
    public void The_result_is_the_recorded_one(PermutationSearch search, int seed, long step, ulong expected)
    {
        PermutationResult result = RowPermutation.Find(IntegerMask(190, 700), TwoOfFour, new(search, Seed: seed, Step: step));
        Assert.Equal(expected, Hash(result.Permutation));
    }

    [Theory]
    [InlineData(PermutationSearch.Swap, 24)]
    [InlineData(PermutationSearch.Swap, 200)]
    [InlineData(PermutationSearch.PaperRandom, 200)]
    [InlineData(PermutationSearch.Thorough, 24)]
    [InlineData(PermutationSearch.Thorough, 130)]
    public void Threads_do_not_matter(PermutationSearch search, int rows)
    {
        NMMask forward = IntegerMask(rows, 200);
        int[] expected = RowPermutation.Find(forward, TwoOfFour, new(search)).Permutation;
        int[][] found = new int[8][];
        Parallel.For(0, found.Length, i => found[i] = RowPermutation.Find(forward, TwoOfFour, new(search)).Permutation);
        Assert.All(found, permutation => Assert.Equal(expected, permutation));
    }

    [Fact]
    public void Seed_and_step_draw_other_candidates()
    {
        NMMask forward = IntegerMask(64, 200);
        int[][] found =
        [
            RowPermutation.Find(forward, TwoOfFour, new(PermutationSearch.PaperRandom)).Permutation,
            RowPermutation.Find(forward, TwoOfFour, new(PermutationSearch.PaperRandom, Seed: 1)).Permutation,
            RowPermutation.Find(forward, TwoOfFour, new(PermutationSearch.PaperRandom, Seed: -1)).Permutation,
            RowPermutation.Find(forward, TwoOfFour, new(PermutationSearch.PaperRandom, Step: 1)).Permutation,
            RowPermutation.Find(forward, TwoOfFour, new(PermutationSearch.PaperRandom, Step: -1)).Permutation,
        ];
        Assert.Equal(found.Length, found.Select(Hash).Distinct().Count());
    }

    /// <summary>A 2:4 mask drawn with integers alone.</summary>
    internal static NMMask IntegerMask(int rows, int columns)
    {
        var random = new SplitMix64(42);
        float[] weight = new float[rows * columns];
        for (int i = 0; i < weight.Length; i++)
        {
            weight[i] = random.NextBelow(1 << 20);
        }

        return MaskReference.ToMask(MaskReference.Forward(2, 4, weight, rows, columns), rows, columns);
    }

    private static ulong Hash(int[] permutation) =>
        permutation.Aggregate(0xCBF2_9CE4_8422_2325, (hash, row) => BitOperations.RotateLeft(hash * 0x0000_0100_0000_01B3, 7) ^ (uint)row);
}
