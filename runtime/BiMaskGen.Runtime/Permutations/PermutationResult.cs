namespace BiMaskGen.Permutations;

/// <summary>What a search found.</summary>
/// <param name="Permutation">permutation[r] = original row at position r.</param>
/// <param name="Kept">Σ Mb under the permutation.</param>
/// <param name="IdentityKept">Σ Mb with the rows in their order.</param>
/// <param name="ForwardKept">Σ Mf, which no permutation can exceed.</param>
public sealed record PermutationResult(int[] Permutation, long Kept, long IdentityKept, long ForwardKept);
