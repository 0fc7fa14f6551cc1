using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Masks;
using BiMaskGen.Permutations;

namespace BiMaskGen.Sparsify;

/// <summary>
/// Searches an order of the input channels under which N:M keeps more. The order belongs to the layer: packed indices address original columns, so
/// neighbouring layers stay as they are and it costs nothing at run time.
/// </summary>
public static class ChannelPermutation
{
    // Magnitudes compared by reassignment, and its rounds: 32 rounds of 4096 × 4096 at 2:4.
    private const long ReassignmentBudget = 1L << 36;
    private const int LeastRounds = 16;
    private const int MostRounds = 400;
    private const int IdleRoundsPerMember = 4;

    // Magnitudes compared by tabu search, and swaps of a block.
    private const long TabuBudget = 1L << 33;
    private const int MostSwaps = 30_000;
    private const int TabuColumns = 256;
    private const int LeastSwapsPerColumn = 2;

    /// <summary>Searches an order.</summary>
    /// <param name="scores">What keeping each weight is worth, row-major [rows, columns], finite; the sign does not count.</param>
    /// <param name="rows">out_features.</param>
    /// <param name="columns">in_features.</param>
    /// <param name="pattern">N:M.</param>
    /// <param name="options">The search.</param>
    /// <returns>The order and what it keeps; never less than the channels' own order keeps.</returns>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The effort is negative.</exception>
    public static ChannelOrder Find(ReadOnlySpan<float> scores, int rows, int columns, NMPattern pattern, in ChannelSearchOptions options)
    {
        MaskArguments.CheckPattern(pattern);
        MaskArguments.CheckWeight(scores, rows, columns);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Effort);
        int[] identity = RowPermutation.Identity(columns);
        double before = MagnitudeSums.Of(scores, rows, columns, pattern, []).Kept;
        if (options.Effort == 0 || columns <= pattern.M || rows == 0)
        {
            return new ChannelOrder(identity, before, before);
        }

        int[] order = Search(scores, rows, columns, pattern, options);
        double after = MagnitudeSums.Of(scores, rows, columns, pattern, order).Kept;
        return after > before ? new ChannelOrder(order, after, before) : new ChannelOrder(identity, before, before);
    }

    private static int[] Search(ReadOnlySpan<float> scores, int rows, int columns, NMPattern pattern, in ChannelSearchOptions options)
    {
        using var magnitudes = new MagnitudeColumns(scores, rows, columns);
        using var groups = new ChannelGroups(magnitudes, pattern);
        var reassignment = new ChannelReassignment(groups, SplitMix64.For(options.Seed, 0, 0));
        long round = (long)groups.Count * Math.Min(groups.Count, ChannelReassignment.MaxGroups) * magnitudes.Length;
        long rounds = Math.Clamp(ReassignmentBudget / round, LeastRounds, MostRounds) * options.Effort / 100;
        reassignment.Improve((int)Math.Min(rounds, int.MaxValue), IdleRoundsPerMember * pattern.M);
        Tabu(groups, options);
        return groups.Order;
    }

    // Blocks of groups drawn anew each time; they have nothing in common, so they are searched at the same time.
    private static void Tabu(ChannelGroups groups, in ChannelSearchOptions options)
    {
        int m = groups.Pattern.M, blockGroups = Math.Max(2, TabuColumns / m);
        int blocks = (groups.Count + blockGroups - 1) / blockGroups;
        long swap = 2L * m * Math.Min(groups.Columns.Columns, blockGroups * m) * groups.Columns.Length;
        long swaps = Math.Clamp(TabuBudget / swap / blocks, LeastSwapsPerColumn * TabuColumns, MostSwaps) * options.Effort / 100;
        int[] shuffled = RowPermutation.Identity(groups.Count);
        SplitMix64 random = SplitMix64.For(options.Seed, 1, 0);
        random.Shuffle(shuffled);
        CpuPool.For(blocks, new TabuBody
        {
            Groups = groups,
            Shuffled = shuffled,
            BlockGroups = blockGroups,
            Swaps = (int)Math.Min(swaps, int.MaxValue),
            Seed = options.Seed,
        });
    }

    private struct TabuBody : IRangeBody
    {
        public ChannelGroups Groups;
        public int[] Shuffled;
        public int BlockGroups;
        public int Swaps;
        public int Seed;

        public readonly void Invoke(int index)
        {
            int first = index * BlockGroups, count = Math.Min(BlockGroups, Shuffled.Length - first);
            new ChannelTabu(Groups, Shuffled.AsSpan(first, count), SplitMix64.For(Seed, 2, index)).Improve(Swaps);
        }
    }
}
