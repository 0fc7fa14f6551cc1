namespace BiMaskGen.Integration.Tests.Reference.Rules;

/// <summary>A training method as its definition says, on one layer; what it keeps between steps is in here.</summary>
internal abstract class ReferenceRule
{
    /// <summary>What the weight is turned into at a step; the same answer when asked again.</summary>
    public abstract ReferenceOperands At(ReferenceWeight weight, long step);
}

/// <summary>A weight [rows, columns], row by row.</summary>
internal sealed record ReferenceWeight(float[] Values, int Rows, int Columns)
{
    public bool[] Top(int n, int m) => ReferenceMasks.Forward(Values, Rows, Columns, n, m);

    /// <summary>The n largest of every m along out_features among candidates.</summary>
    public bool[] TopDown(bool[] candidates, int n, int m, int[]? order = null) =>
        ReferenceMasks.Backward(Values, candidates, Rows, Columns, n, m, order ?? [.. Enumerable.Range(0, Rows)]);

    /// <summary>W ⊙ (mask + β (1 − mask)).</summary>
    public double[] Under(bool[] mask, double pruned = 0) => [.. Values.Select((w, i) => mask[i] ? w : pruned * w)];
}

/// <summary>What forward and backward multiply with, the masks behind it, and what is done to gᵀx.</summary>
/// <param name="Forward">[out_features, in_features].</param>
/// <param name="Backward">Likewise.</param>
/// <param name="ForwardMask">What forward keeps.</param>
/// <param name="BackwardMask">What backward keeps.</param>
internal sealed record ReferenceOperands(double[] Forward, double[] Backward, bool[] ForwardMask, bool[] BackwardMask)
{
    /// <summary>One operand and one mask for both.</summary>
    public ReferenceOperands(double[] both, bool[] mask) : this(both, both, mask, mask)
    {
    }

    /// <summary>λ (1 − mask) ⊙ W, added once per step.</summary>
    public double[]? DecayTerm { get; init; }

    /// <summary>What gᵀx is multiplied by.</summary>
    public double[]? GradientFactor { get; init; }

    /// <summary>Adds the decay of what a mask prunes.</summary>
    public ReferenceOperands Decaying(ReferenceWeight weight, double decay) =>
        this with { DecayTerm = [.. weight.Values.Select((w, i) => ForwardMask[i] ? 0 : decay * w)] };
}
