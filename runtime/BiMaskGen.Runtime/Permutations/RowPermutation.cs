using BiMaskGen.Masks;

namespace BiMaskGen.Permutations;

/// <summary>
/// The row permutation π of Bi-Mask: which rows of the weight stand together in a group of M while the backward mask is made.
/// permutation[r] is the original row at position r.
/// </summary>
public static class RowPermutation
{
    /// <summary>Searches a permutation under which backward keeps many of the weights that forward keeps.</summary>
    /// <param name="forward">The forward mask.</param>
    /// <param name="pattern">N:M.</param>
    /// <param name="options">The search.</param>
    /// <returns>The permutation and what it keeps; never less than the identity keeps.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is negative, or no search that there is.</exception>
    /// <exception cref="ArgumentException">The search needs the weight, or its start is no permutation of the rows.</exception>
    public static PermutationResult Find(NMMask forward, NMPattern pattern, in PermutationSearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(forward);
        CheckOptions(forward, pattern, options);
        using var sets = new RowSets(forward);
        return options.Search switch
        {
            PermutationSearch.Swap => SwapSearch.Best(sets, pattern, options),
            PermutationSearch.Thorough => ThoroughSearch.Best(sets, pattern, options),
            PermutationSearch.PaperRandom => RandomCandidates.Best(sets, pattern, options),
            PermutationSearch.Identity => RandomCandidates.Best(sets, pattern, options with { Candidates = 0 }),
            PermutationSearch.Weighted => throw new ArgumentException("A search by magnitude needs the weight.", nameof(options)),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Search, "No such permutation search."),
        };
    }

    /// <summary>Searches as <see cref="Find(NMMask, NMPattern, in PermutationSearchOptions)"/>, by magnitude too.</summary>
    /// <param name="forward">The forward mask.</param>
    /// <param name="weight">W, finite, row-major, of the mask's shape.</param>
    /// <param name="pattern">N:M.</param>
    /// <param name="options">The search.</param>
    /// <returns>The permutation and what it keeps; by magnitude never less of that than the identity keeps.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is negative, or no search that there is.</exception>
    /// <exception cref="ArgumentException">The weight has another shape than the mask, or the start is no permutation of the rows.</exception>
    public static PermutationResult Find(NMMask forward, ReadOnlySpan<float> weight, NMPattern pattern, in PermutationSearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(forward);
        MaskArguments.CheckWeight(weight, forward.Rows, forward.Columns);
        if (options.Search != PermutationSearch.Weighted)
        {
            return Find(forward, pattern, options);
        }

        CheckOptions(forward, pattern, options);
        return WeightedSwap.Best(forward, weight, pattern, options);
    }

    /// <summary>Σ Mb under a permutation: the sum over groups and columns of min(N, weights that forward kept there).</summary>
    /// <param name="forward">The forward mask.</param>
    /// <param name="pattern">N:M.</param>
    /// <param name="permutation">permutation[r] = original row at position r.</param>
    /// <returns>Σ Mb.</returns>
    public static long CountKept(NMMask forward, NMPattern pattern, ReadOnlySpan<int> permutation)
    {
        ArgumentNullException.ThrowIfNull(forward);
        MaskArguments.CheckPattern(pattern);
        MaskArguments.CheckPermutation(permutation, forward.Rows);
        using var sets = new RowSets(forward);
        return sets.CountKept(pattern, permutation);
    }

    /// <summary>The permutation that leaves every row where it is.</summary>
    /// <param name="rows">How many rows.</param>
    public static int[] Identity(int rows)
    {
        int[] permutation = new int[rows];
        FillIdentity(permutation);
        return permutation;
    }

    /// <summary>Whether every number of [0, length) occurs once.</summary>
    /// <param name="permutation">The numbers.</param>
    public static bool IsPermutation(ReadOnlySpan<int> permutation)
    {
        bool[] seen = new bool[permutation.Length];
        foreach (int row in permutation)
        {
            if ((uint)row >= (uint)seen.Length || seen[row])
            {
                return false;
            }

            seen[row] = true;
        }

        return true;
    }

    /// <summary>Writes 0, 1, 2 ….</summary>
    internal static void FillIdentity(Span<int> permutation)
    {
        for (int row = 0; row < permutation.Length; row++)
        {
            permutation[row] = row;
        }
    }

    private static void CheckOptions(NMMask forward, NMPattern pattern, in PermutationSearchOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.Candidates);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Passes);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Budget);
        MaskArguments.CheckPattern(pattern);
        if (!options.Start.IsEmpty)
        {
            MaskArguments.CheckPermutation(options.Start.Span, forward.Rows);
        }
    }
}
