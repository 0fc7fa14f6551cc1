namespace BiMaskGen.Permutations;

/// <summary>
/// The search for checkpoints: what <see cref="SwapSearch"/> finds, swapped to a local optimum, then exact reassignments of one row of
/// every group. Every bound is a count.
/// </summary>
internal static class ThoroughSearch
{
    // Words that swaps may compare: 32 passes over 2048 × 2048 weights.
    private const long SwapBudget = 1L << 32;

    // Rounds on small masks; on large ones as many as these words allow: 64 from about 4096 × 4096 on, at 2:4.
    private const int MostRounds = 1000;
    private const int LeastRounds = 64;
    private const long RoundBudget = 1L << 32;

    // A round of assignments costs about as much as comparing so many words of each pair.
    private const int AssignmentWords = 64;

    // Which rows leave is drawn: a round that gains nothing says little about the next. A row leaves once in M rounds.
    private const int IdleRoundsPerRow = 50;

    /// <summary>Finds a permutation that keeps at least what <see cref="SwapSearch"/> finds.</summary>
    public static PermutationResult Best(RowSets sets, NMPattern pattern, in PermutationSearchOptions options)
    {
        PermutationResult swap = SwapSearch.Best(sets, pattern, options);
        if (swap.Kept == sets.Kept || sets.Rows <= pattern.M)
        {
            return swap;
        }

        using var state = new SwapState(sets, pattern);
        state.Start(swap.Permutation);
        long budget = SwapBudget;
        state.Improve(int.MaxValue, ref budget);
        using var reassignment = new Reassignment(sets, pattern, state, SplitMix64.For(options.Seed, options.Step, -1));
        reassignment.Improve(Rounds(sets, pattern), IdleRoundsPerRow * pattern.M);
        return swap with { Permutation = state.Permutation, Kept = state.Kept };
    }

    private static int Rounds(RowSets sets, NMPattern pattern)
    {
        long groups = pattern.GroupsIn(sets.Rows);
        long round = groups * Math.Min(groups, Reassignment.MaxGroups) * (sets.Words + AssignmentWords);
        return (int)Math.Clamp(RoundBudget / round, LeastRounds, MostRounds);
    }
}
