namespace BiMaskGen.Permutations;

/// <summary>The random permutations of a refresh, as the paper draws them: the same for every search, machine and rank.</summary>
internal static class RandomCandidates
{
    /// <summary>Draws candidate number <paramref name="candidate"/>.</summary>
    public static void Draw(in PermutationSearchOptions options, int candidate, Span<int> permutation)
    {
        RowPermutation.FillIdentity(permutation);
        SplitMix64 random = SplitMix64.For(options.Seed, options.Step, candidate);
        random.Shuffle(permutation);
    }

    /// <summary>The best of the candidates and the identity, the earlier where equal, the identity being the first.</summary>
    public static PermutationResult Best(RowSets sets, NMPattern pattern, in PermutationSearchOptions options)
    {
        int[] best = RowPermutation.Identity(sets.Rows);
        int[] drawn = new int[sets.Rows];
        long identityKept = sets.CountKept(pattern, best);
        long bestKept = identityKept;
        for (int candidate = 0; candidate < options.Candidates; candidate++)
        {
            Draw(options, candidate, drawn);
            long kept = sets.CountKept(pattern, drawn);
            if (kept > bestKept)
            {
                (best, drawn, bestKept) = (drawn, best, kept);
            }
        }

        return new PermutationResult(best, bestKept, identityKept, sets.Kept);
    }
}
