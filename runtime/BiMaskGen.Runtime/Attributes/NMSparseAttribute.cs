namespace BiMaskGen;

/// <summary>
/// Trains and runs the <c>Linear</c>, <c>Conv1d</c> and <c>Conv2d</c> layers of a TorchSharp module N:M sparse in both directions. On a class it covers all its
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

    /// <summary>
    /// Whether a class's attribute also covers the classes of its members, on and on. The class has to be partial; on a member it has no meaning.
    /// </summary>
    public SparseReach Reach { get; set; }

    /// <summary>The training method.</summary>
    public SparseMethod Method { get; set; } = SparseMethod.BiMask;

    /// <summary>
    /// λ of the SR-STE decay λ (1 − Mf) ⊙ W in the weight gradient of <see cref="SparseMethod.BiMask"/>, <see cref="SparseMethod.SrSte"/> and
    /// <see cref="SparseMethod.Transposable"/>; enters once per optimizer step.
    /// </summary>
    public double Decay { get; set; } = 2e-4;

    /// <summary>
    /// Whether the decay stays out of the gradient, and so out of an optimizer's moments: <c>model.DecayPruned(learningRate)</c> after each
    /// <c>optimizer.step()</c> then multiplies the pruned weights by 1 − learningRate·λ.
    /// </summary>
    public bool DecoupledDecay { get; set; }

    /// <summary>ΔT: training steps between two permutation searches; the first search is at step 0.</summary>
    public int PermuteEvery { get; set; } = 100;

    /// <summary>How the permutation is searched.</summary>
    public PermutationSearch Search { get; set; } = PermutationSearch.Swap;

    /// <summary>K: random permutations that <see cref="PermutationSearch.PaperRandom"/> tries, beside the identity.</summary>
    public int SearchCandidates { get; set; } = 100;

    /// <summary>
    /// Whether <see cref="PermutationSearch.Swap"/>, <see cref="PermutationSearch.Thorough"/> and <see cref="PermutationSearch.Weighted"/> start from the
    /// last permutation instead of a greedy one: less to do. The permutations then depend on the run's history.
    /// </summary>
    public bool WarmStart { get; set; }

    /// <summary>
    /// Skips a search that is due while less than this share of Mf's entries has changed since the last one: from 0 (never skips) to 1. The permutations
    /// then depend on the run's history.
    /// </summary>
    public double SearchAbove { get; set; }

    /// <summary>Seed of the search and of <see cref="Mvue"/>'s draws; the same on every machine and rank gives the same permutations.</summary>
    public int Seed { get; set; }

    /// <summary>
    /// Whether the weight gradient is computed from a sample of gᵀ, 2:4 along the batch, unbiased and of minimum variance, so that the third
    /// product is sparse too. The gradient gets noisier; its mean stays. A 1:2 layer draws 1:2, all others 2:4.
    /// </summary>
    public bool Mvue { get; set; }

    /// <summary>The type in which products run on a GPU; 16 bits are what sparse tensor cores take.</summary>
    public Precision Precision { get; set; }

    /// <summary>
    /// Steps between two refreshes of a mask that is kept: 40 for <see cref="SparseMethod.Transposable"/>, 0 (the first mask stays) for
    /// <see cref="SparseMethod.DoublePruned"/>, unless written.
    /// </summary>
    public int RefreshEvery { get; set; }

    /// <summary>
    /// Optimizer steps of the whole run. <see cref="SparseMethod.StructureDecay"/>, <see cref="MaskShare"/>, <see cref="DenseFirst"/> and
    /// <see cref="DenseLast"/> need it, here or by <c>model.SetTotalSteps(steps)</c>, which wins.
    /// </summary>
    public long TotalSteps { get; set; }

    /// <summary>Share of the run, from its start, in which the layer is dense; from 0 to below 1.</summary>
    public double DenseFirst { get; set; }

    /// <summary>Share of the run, up to its end and from then on, in which the layer is dense again; from 0 to below 1.</summary>
    public double DenseLast { get; set; }

    /// <summary>How β of <see cref="SparseMethod.MaskDecay"/> falls.</summary>
    public MaskCurve MaskCurve { get; set; }

    /// <summary>c of <see cref="MaskCurve"/>, per step.</summary>
    public double MaskRate { get; set; } = 2e-4;

    /// <summary>
    /// In place of <see cref="MaskRate"/>: the share of the steps that are not dense in which β falls, up to 1; afterwards β is 0. The exponential
    /// curve reaches 1/1000 by then. 0 for none.
    /// </summary>
    public double MaskShare { get; set; }

    /// <summary>
    /// Whether <see cref="SparseMethod.MaskDecay"/> masks the weight gradient like the weight, as its paper says; else the gradient stays
    /// gᵀx, as in its authors' code.
    /// </summary>
    public bool MaskGradient { get; set; } = true;

    /// <summary>Along what the groups of convolutions run; means nothing for a Linear.</summary>
    public ConvGrouping ConvGrouping { get; set; }

    /// <summary>Through which patterns <see cref="SparseMethod.StructureDecay"/> narrows.</summary>
    public StructureCurve StructureCurve { get; set; }
}
