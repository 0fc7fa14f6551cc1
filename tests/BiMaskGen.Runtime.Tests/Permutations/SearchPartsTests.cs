using System.Numerics;
using BiMaskGen.Permutations;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Permutations;

public unsafe class SearchPartsTests
{
    [Fact]
    public void Population_counts_of_every_length()
    {
        const int Longest = 72;
        using var buffer = new WordBuffer(4 * Longest);
        var random = new SplitMix64(1);
        for (int words = 1; words <= Longest; words++)
        {
            var sets = new Span<ulong>(buffer.Words, 4 * Longest);
            sets.Clear();
            int expectedFirst = 0;
            int expectedSecond = 0;
            for (int i = 0; i < words; i++)
            {
                for (int set = 0; set < 4; set++)
                {
                    // All ones now and then: the largest count a byte can reach.
                    sets[(set * Longest) + i] = words % 5 == 0 ? ulong.MaxValue : random.Next();
                }

                expectedFirst += BitOperations.PopCount(sets[i] & sets[Longest + i]);
                expectedSecond += BitOperations.PopCount(sets[(2 * Longest) + i] & sets[(3 * Longest) + i]);
            }

            ulong* a = buffer.Words;
            Assert.Equal(expectedFirst, PopCounts.And(a, a + Longest, words));
            Assert.Equal(
                expectedFirst + expectedSecond,
                PopCounts.AndPair(a, a + Longest, a + (2 * Longest), a + (3 * Longest), words));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(31)]
    [InlineData(32)]
    public void Bit_sliced_counts_are_counts(int m)
    {
        const int Stride = PopCounts.BlockWords;
        using var counts = new GroupCounts(2, Stride, m);
        using var rows = new WordBuffer((m + 1) * Stride);
        var random = new SplitMix64((ulong)m);
        int[] expected = new int[Stride * 64];
        var joined = new Queue<int>();
        for (int step = 0; step < (2 * m) + 3; step++)
        {
            // A row that is full at first, so that every count reaches M.
            int row = step % (m + 1);
            if (joined.Count == m)
            {
                int left = joined.Dequeue();
                Change(left, -1);
                counts.Remove(1, rows.Words + (left * Stride));
            }

            for (int i = 0; i < Stride; i++)
            {
                rows.Words[(row * Stride) + i] = step < m ? ulong.MaxValue : random.Next();
            }

            joined.Enqueue(row);
            Change(row, 1);
            counts.Add(1, rows.Words + (row * Stride));
            for (int limit = 1; limit <= m; limit++)
            {
                Assert.True(expected.Select(count => count < limit).SequenceEqual(Below(counts, limit)), $"step {step}, limit {limit}");
            }
        }

        void Change(int row, int by)
        {
            for (int column = 0; column < expected.Length; column++)
            {
                expected[column] += (rows.Words[(row * Stride) + (column / 64)] >> (column % 64) & 1) != 0 ? by : 0;
            }
        }
    }

    [Fact]
    public void Draws_are_uniform()
    {
        int[] drawn = new int[6];
        Span<int> permutation = stackalloc int[3];
        for (int candidate = 0; candidate < 6000; candidate++)
        {
            RandomCandidates.Draw(new(PermutationSearch.PaperRandom), candidate, permutation);
            Assert.True(RowPermutation.IsPermutation(permutation));
            drawn[(permutation[0] * 2) + (permutation[1] > permutation[2] ? 1 : 0)]++;
        }

        Assert.All(drawn, count => Assert.InRange(count, 880, 1120));
    }

    private static bool[] Below(GroupCounts counts, int limit)
    {
        using var target = new WordBuffer(PopCounts.BlockWords);
        counts.Below(1, limit, target.Words);
        bool[] bits = new bool[PopCounts.BlockWords * 64];
        for (int column = 0; column < bits.Length; column++)
        {
            bits[column] = (target.Words[column / 64] >> (column % 64) & 1) != 0;
        }

        return bits;
    }
}
