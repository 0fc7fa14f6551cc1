using System.Runtime.CompilerServices;

namespace BiMaskGen.Kernels.Cpu;

// erf in two pieces, each a minimax polynomial fitted for this file, without exponential or division:
//   |x| < 1:  x p(x²), relative error of the fit 1e-9;
//   |x| ≥ 1:  1 − q(u), u = (min(|x|, 4) − 2.5) / 1.5, absolute error of the fit 7e-8; erfc(4) is below half a unit of 1.
// With float rounding the absolute error stays below 1.7e-7 (tests sweep it).

/// <summary>The normal distribution in vectors: erf, gelu and its derivative.</summary>
internal static class NormalDistribution
{
    private const float InverseSqrt2 = 0.70710678f;
    private const float InverseSqrt2Pi = 0.39894228f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVec Erf<TLanes, TVec>(TVec x)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
    {
        TVec one = TLanes.Create(1);
        TVec size = TLanes.CopySign(x, one);

        TVec t = TLanes.Multiply(x, x);
        TVec p = TLanes.MultiplyAdd(TLanes.Create(7.875874871388078e-05f), t, TLanes.Create(-0.000801686430349946f));
        p = TLanes.MultiplyAdd(p, t, TLanes.Create(0.005189087241888046f));
        p = TLanes.MultiplyAdd(p, t, TLanes.Create(-0.02685421146452427f));
        p = TLanes.MultiplyAdd(p, t, TLanes.Create(0.11283594369888306f));
        p = TLanes.MultiplyAdd(p, t, TLanes.Create(-0.3761262595653534f));
        p = TLanes.MultiplyAdd(p, t, TLanes.Create(1.1283791065216064f));

        TVec u = TLanes.MultiplyAdd(TLanes.Min(size, TLanes.Create(4)), TLanes.Create(2f / 3), TLanes.Create(-5f / 3));
        TVec q = TLanes.MultiplyAdd(TLanes.Create(0.001194982323795557f), u, TLanes.Create(-0.0018611820414662361f));
        q = TLanes.MultiplyAdd(q, u, TLanes.Create(-0.003620876930654049f));
        q = TLanes.MultiplyAdd(q, u, TLanes.Create(0.010824228636920452f));
        q = TLanes.MultiplyAdd(q, u, TLanes.Create(-0.007264675572514534f));
        q = TLanes.MultiplyAdd(q, u, TLanes.Create(-0.009837520308792591f));
        q = TLanes.MultiplyAdd(q, u, TLanes.Create(0.03205092251300812f));
        q = TLanes.MultiplyAdd(q, u, TLanes.Create(-0.04631028324365616f));
        q = TLanes.MultiplyAdd(q, u, TLanes.Create(0.04362873360514641f));
        q = TLanes.MultiplyAdd(q, u, TLanes.Create(-0.02819797210395336f));
        q = TLanes.MultiplyAdd(q, u, TLanes.Create(0.012253639288246632f));
        q = TLanes.MultiplyAdd(q, u, TLanes.Create(-0.0032668611966073513f));
        q = TLanes.MultiplyAdd(q, u, TLanes.Create(0.00040695202187635005f));

        TVec tail = TLanes.CopySign(TLanes.MultiplyAdd(TLanes.Create(-1), q, one), x);
        return TLanes.SelectLess(size, one, TLanes.Multiply(x, p), tail);
    }

    /// <summary>Φ(z).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVec Cumulative<TLanes, TVec>(TVec z)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
    {
        TVec half = TLanes.Create(0.5f);
        return TLanes.MultiplyAdd(half, Erf<TLanes, TVec>(TLanes.Multiply(z, TLanes.Create(InverseSqrt2))), half);
    }

    /// <summary>z Φ(z).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVec Gelu<TLanes, TVec>(TVec z)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged => TLanes.Multiply(z, Cumulative<TLanes, TVec>(z));

    /// <summary>d/dz z Φ(z) = Φ(z) + z φ(z).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVec GeluDerivative<TLanes, TVec>(TVec z)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
    {
        TVec density = TLanes.Multiply(
            TLanes.Create(InverseSqrt2Pi), TLanes.Exp(TLanes.Multiply(TLanes.Create(-0.5f), TLanes.Multiply(z, z))));
        return TLanes.MultiplyAdd(z, density, Cumulative<TLanes, TVec>(z));
    }
}
