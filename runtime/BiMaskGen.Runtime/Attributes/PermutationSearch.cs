namespace BiMaskGen;

/// <summary>How the row permutation of the backward mask is searched.</summary>
public enum PermutationSearch
{
    /// <summary>Greedy fill of the groups, then swap passes within a budget counted in operations. The default.</summary>
    Swap,

    /// <summary>The best of K random permutations and the identity, as in the Bi-Mask paper.</summary>
    PaperRandom,

    /// <summary>No search: rows stay in their order.</summary>
    Identity,

    /// <summary>
    /// What <see cref="Swap"/> finds, then exact reassignments of one row of every group, repeated. For checkpoints: it takes ten times as
    /// long and more.
    /// </summary>
    Thorough,

    /// <summary>
    /// <see cref="Swap"/> by magnitude: backward keeps as much Σ|w| as the search finds, in eight bits a weight, not as many weights. A search takes
    /// several times as long.
    /// </summary>
    Weighted,
}
