namespace BiMaskGen.Integration.Tests.Reference.Rules;

/// <summary>Bi-Mask under a permutation that was found elsewhere; without one it knows the forward alone.</summary>
internal sealed class BiMaskRule(int n, int m, double decay, int[]? permutation) : ReferenceRule
{
    public override ReferenceOperands At(ReferenceWeight weight, long step)
    {
        bool[] forward = weight.Top(n, m);
        bool[] backward = permutation is null ? [] : weight.TopDown(forward, n, m, permutation);
        return new ReferenceOperands(weight.Under(forward), permutation is null ? [] : weight.Under(backward), forward, backward)
            .Decaying(weight, decay);
    }
}
