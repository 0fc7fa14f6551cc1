namespace BiMaskGen;

/// <summary>
/// Trains and runs the <c>Linear</c> layers of a TorchSharp module N:M sparse in both directions. On a class it covers all its
/// layers; on a field or property that one layer, and wins over the class.
/// </summary>
/// <param name="n">Weights kept in a group, 1 ≤ n &lt; m.</param>
/// <param name="m">Weights in a group, m ≤ 32.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Field | AttributeTargets.Property, Inherited = false)]
public sealed class NMSparseAttribute(int n, int m) : Attribute
{
    /// <summary>Weights kept in a group.</summary>
    public int N { get; } = n;

    /// <summary>Weights in a group.</summary>
    public int M { get; } = m;

    /// <summary>The training method.</summary>
    public SparseMethod Method { get; set; } = SparseMethod.BiMask;

    /// <summary>λ of the SR-STE decay λ (1 − Mf) ⊙ W in the weight gradient; enters once per optimizer step.</summary>
    public double Decay { get; set; } = 2e-4;

    /// <summary>ΔT: training steps between two permutation searches; the first search is at step 0.</summary>
    public int PermuteEvery { get; set; } = 100;

    /// <summary>How the permutation is searched.</summary>
    public PermutationSearch Search { get; set; } = PermutationSearch.Swap;

    /// <summary>K: random permutations that <see cref="PermutationSearch.PaperRandom"/> tries, beside the identity.</summary>
    public int SearchCandidates { get; set; } = 100;

    /// <summary>Seed of the search and of <see cref="Mvue"/>'s draws; the same on every machine and rank gives the same permutations.</summary>
    public int Seed { get; set; }

    /// <summary>
    /// Whether the weight gradient is computed from a sample of gᵀ, 2:4 along the batch, unbiased and of minimum variance, so that the third
    /// product is sparse too. The gradient gets noisier; its mean stays. A 1:2 layer draws 1:2, all others 2:4.
    /// </summary>
    public bool Mvue { get; set; }
}
