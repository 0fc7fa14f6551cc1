namespace BiMaskGen.Permutations;

/// <summary>
/// How a row permutation is searched. The result is a function of the mask, the pattern and these options alone: every bound is a
/// count, none a time.
/// </summary>
/// <param name="Search">The search.</param>
/// <param name="Candidates">Random permutations: all that <c>PaperRandom</c> tries; the further starts of <c>Swap</c> and <c>Thorough</c> on a small mask.</param>
/// <param name="Seed">The run's seed, the same on every rank.</param>
/// <param name="Step">The step of the refresh, so that each refresh draws other candidates.</param>
/// <param name="Passes">Swap passes over all pairs of rows, at most; fewer where a pass finds nothing.</param>
/// <param name="Budget">64-bit words that <c>Swap</c> may compare, in the greedy fill and in the passes each; <c>Thorough</c> adds bounds of its own.</param>
public readonly record struct PermutationSearchOptions(
    PermutationSearch Search,
    int Candidates = PermutationSearchOptions.DefaultCandidates,
    int Seed = 0,
    long Step = 0,
    int Passes = PermutationSearchOptions.DefaultPasses,
    long Budget = PermutationSearchOptions.DefaultBudget)
{
    /// <summary>The permutation from which <c>Swap</c>, <c>Thorough</c> and <c>Weighted</c> start; empty for a greedy one.</summary>
    public ReadOnlyMemory<int> Start { get; init; }

    /// <summary>The paper's K.</summary>
    public const int DefaultCandidates = 100;

    /// <summary>Swap passes: the second still finds a little, later ones next to nothing.</summary>
    public const int DefaultPasses = 2;

    /// <summary>One full pass over 2048 × 2048 weights.</summary>
    public const long DefaultBudget = 1L << 27;

    /// <summary>The default search.</summary>
    public static PermutationSearchOptions Default => new(PermutationSearch.Swap);
}
