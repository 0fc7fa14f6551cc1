using System.Numerics;
using System.Runtime.Intrinsics.X86;
using BiMaskGen.Permutations;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Permutations;

public unsafe class SearchPartsTests
{
    [Fact]
    public void Common_members_of_every_length()
    {
        const int Sets = 11;
        var random = new SplitMix64(1);
        for (int words = 0; words <= 40; words++)
        {
            using var lanes = new LaneSets(Sets, words + 2);
            using var query = new WordBuffer(words);
            using var set = new WordBuffer(words + 2);
            int[] expected = new int[LaneSets.BlocksIn(Sets) * LaneCounts.Lanes];
            for (int i = 0; i < words; i++)
            {
                // All ones now and then: the largest counts there can be.
                query.Words[i] = words % 5 == 0 ? ulong.MaxValue : random.Next();
            }

            for (int index = 0; index < Sets; index++)
            {
                // Words before and after those that are asked for.
                for (int i = 0; i < words + 2; i++)
                {
                    set.Words[i] = words % 5 == 0 ? ulong.MaxValue : random.Next();
                }

                lanes.Write(index, 0, set.Words, words + 2);
                expected[index] = Enumerable.Range(0, words).Sum(i => BitOperations.PopCount(query.Words[i] & set.Words[i + 1]));
            }

            Assert.Equal(expected, Count(query, lanes, words, LaneCounts.Count));
            Assert.Equal(expected, Count(query, lanes, words, LaneCounts.Count<Lanes64>));
            if (Avx2.IsSupported)
            {
                Assert.Equal(expected, Count(query, lanes, words, LaneCounts.Count<Lanes256>));
            }
        }
    }

    [Fact]
    public void Lanes_are_written_and_read()
    {
        using var lanes = new LaneSets(20, 5);
        using var source = new WordBuffer(3);
        using var target = new WordBuffer(3);
        source.Words[0] = 7;
        source.Words[1] = 8;
        source.Words[2] = 9;
        lanes.Write(13, 1, source.Words, 3);
        lanes.Read(13, 2, target.Words, 3);
        Assert.Equal([8ul, 9ul, 0ul], new ReadOnlySpan<ulong>(target.Words, 3).ToArray());
        lanes.Read(12, 1, target.Words, 3);
        Assert.Equal([0ul, 0ul, 0ul], new ReadOnlySpan<ulong>(target.Words, 3).ToArray());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(31)]
    [InlineData(32)]
    public void Bit_sliced_counts_are_counts(int m)
    {
        const int Stride = RowSets.LineWords;
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

    private delegate void Counter(ulong* query, ulong* block, int words, nint stride, int blocks, int* counts);

    private static int[] Count(WordBuffer query, LaneSets lanes, int words, Counter counter)
    {
        int[] counts = new int[2 * LaneCounts.Lanes];
        fixed (int* target = counts)
        {
            counter(query.Words, lanes.Block(0) + LaneCounts.Lanes, words, lanes.BlockStride, 2, target);
        }

        return counts;
    }

    private static bool[] Below(GroupCounts counts, int limit)
    {
        using var target = new WordBuffer(RowSets.LineWords);
        counts.Below(1, limit, target.Words);
        bool[] bits = new bool[RowSets.LineWords * 64];
        for (int column = 0; column < bits.Length; column++)
        {
            bits[column] = (target.Words[column / 64] >> (column % 64) & 1) != 0;
        }

        return bits;
    }
}
