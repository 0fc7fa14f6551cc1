using System.Runtime.CompilerServices;

namespace BiMaskGen.Kernels.Cpu;

/// <summary>The logistic function in vectors: σ, silu and its derivative.</summary>
internal static class LogisticFunction
{
    /// <summary>z σ(z) = z / (1 + e⁻ᶻ). Where e⁻ᶻ is infinite the quotient is the limit, 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVec Silu<TLanes, TVec>(TVec z)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged => TLanes.Divide(z, Denominator<TLanes, TVec>(z));

    /// <summary>d/dz z σ(z) = σ(z) (1 + z (1 − σ(z))).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVec SiluDerivative<TLanes, TVec>(TVec z)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
    {
        TVec one = TLanes.Create(1);
        TVec sigma = TLanes.Divide(one, Denominator<TLanes, TVec>(z));
        TVec rest = TLanes.MultiplyAdd(TLanes.Create(-1), sigma, one);
        return TLanes.Multiply(sigma, TLanes.MultiplyAdd(z, rest, one));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVec Denominator<TLanes, TVec>(TVec z)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged => TLanes.Add(TLanes.Create(1), TLanes.Exp(TLanes.Multiply(TLanes.Create(-1), z)));
}
