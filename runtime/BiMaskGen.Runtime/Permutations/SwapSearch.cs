namespace BiMaskGen.Permutations;

/// <summary>
/// The default search: the better of the greedy fill, or of a permutation that is given, and the identity, improved by swaps. Small masks have few partitions and a random
/// one can be the optimum, so there the paper's candidates serve as further starts, as many as a fixed budget allows.
/// </summary>
internal static class SwapSearch
{
    // Words compared in restarts: all of 100 on 32 rows, none from about 800 × 800 on.
    private const long RestartBudget = 1 << 20;

    /// <summary>Finds a permutation that keeps at least what the identity keeps.</summary>
    public static PermutationResult Best(RowSets sets, NMPattern pattern, in PermutationSearchOptions options)
    {
        int[] identity = RowPermutation.Identity(sets.Rows);
        long identityKept = sets.CountKept(pattern, identity);
        if (identityKept == sets.Kept || sets.Rows <= pattern.M)
        {
            return new PermutationResult(identity, identityKept, identityKept, sets.Kept);
        }

        using var state = new SwapState(sets, pattern);
        state.Start(options.Start.IsEmpty ? GreedyFill.Fill(sets, pattern, options.Budget) : options.Start.Span);
        if (state.Kept <= identityKept)
        {
            state.Start(identity);
        }

        long budget = options.Budget;
        state.Improve(options.Passes, ref budget);
        int[] best = [.. state.Permutation];
        long bestKept = state.Kept;
        Restart(sets, options, state, ref best, ref bestKept);
        return new PermutationResult(best, bestKept, identityKept, sets.Kept);
    }

    private static void Restart(RowSets sets, in PermutationSearchOptions options, SwapState state, ref int[] best, ref long bestKept)
    {
        int[] drawn = new int[sets.Rows];
        long pass = (long)sets.Rows * sets.Rows * sets.Words;
        long budget = Math.Min(RestartBudget, options.Budget);
        for (int candidate = 0; candidate < options.Candidates && budget >= pass && bestKept < sets.Kept; candidate++)
        {
            RandomCandidates.Draw(options, candidate, drawn);
            state.Start(drawn);
            state.Improve(int.MaxValue, ref budget);
            if (state.Kept > bestKept)
            {
                state.Permutation.CopyTo(best, 0);
                bestKept = state.Kept;
            }
        }
    }
}
