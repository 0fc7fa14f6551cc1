using System.Runtime.CompilerServices;

namespace BiMaskGen.Kernels.Cpu;

// With magnitudes m and their sum S, the first draw takes entry i with probability m_i / S, the second one j with m_j / (S − m_i). Entry i is
// then kept with probability p_i = m_i/S · (1 + Σ_{k ≠ i} m_k / (S − m_k)), so that what stands for it is a_i / p_i = ±S / (1 + Σ_{k ≠ i} …).
// S − m_k is added up from the other three, never subtracted. Nothing is fused here and every lane does the same, so that all register
// widths draw the same entries.

/// <summary>Two of four, drawn one after the other by magnitude (arXiv 2404.01847).</summary>
internal readonly struct SampledTwoOfFour : ISampledGroup
{
    private const float Small = 1f / (1L << 40);
    private const float Raise = 1.2676506e30f;

    public static int Kept => 2;

    public static int Size => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sample<TLanes, TVec>(ref GroupOf<TVec> group, TVec first, TVec second)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
    {
        TVec one = TLanes.Create(1);
        TVec a = TLanes.CopySign(group.A, one), b = TLanes.CopySign(group.B, one);
        TVec c = TLanes.CopySign(group.C, one), d = TLanes.CopySign(group.D, one);
        GroupOf<TVec> all = new(a, b, c, d), left = all;
        TVec sum = Draw<TLanes, TVec>(ref left, first);
        Draw<TLanes, TVec>(ref left, second);

        GroupOf<TVec> scaled = Scaled<TLanes, TVec>(all, sum);

        // Where nothing is left undrawn all entries are kept with certainty, and as they are.
        TVec rest = TLanes.Add(TLanes.Add(left.A, left.B), TLanes.Add(left.C, left.D));
        group.A = Entry<TLanes, TVec>(group.A, scaled.A, left.A, all.A, rest);
        group.B = Entry<TLanes, TVec>(group.B, scaled.B, left.B, all.B, rest);
        group.C = Entry<TLanes, TVec>(group.C, scaled.C, left.C, all.C, rest);
        group.D = Entry<TLanes, TVec>(group.D, scaled.D, left.D, all.D, rest);

        // A NaN, an infinity, or a sum past the largest float leaves nothing to draw by: one NaN stands for the group.
        TVec infinity = TLanes.Create(float.PositiveInfinity), zero = TLanes.Create(0);
        group.A = TLanes.SelectLess(sum, infinity, group.A, TLanes.Create(float.NaN));
        group.B = TLanes.SelectLess(sum, infinity, group.B, zero);
        group.C = TLanes.SelectLess(sum, infinity, group.C, zero);
        group.D = TLanes.SelectLess(sum, infinity, group.D, zero);
    }

    /// <summary>Takes one magnitude out of those that are left; their sum before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVec Draw<TLanes, TVec>(ref GroupOf<TVec> left, TVec uniform)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
    {
        TVec zero = TLanes.Create(0);
        TVec upToB = TLanes.Add(left.A, left.B), upToC = TLanes.Add(upToB, left.C), sum = TLanes.Add(upToC, left.D);
        TVec at = TLanes.Multiply(uniform, sum);
        left.D = TLanes.SelectLess(at, upToC, left.D, zero);
        left.C = TLanes.SelectLess(at, upToB, left.C, TLanes.SelectLess(at, upToC, zero, left.C));
        left.B = TLanes.SelectLess(at, left.A, left.B, TLanes.SelectLess(at, upToB, zero, left.B));
        left.A = TLanes.SelectLess(at, left.A, zero, left.A);
        return sum;
    }

    /// <summary>S / (1 + Σ_{k ≠ i} m_k / R_k) for every i, R_k being S − m_k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static GroupOf<TVec> Scaled<TLanes, TVec>(in GroupOf<TVec> all, TVec sum)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
    {
        // Shares of the sum; sums so small that they have no reciprocal are made larger first.
        TVec one = TLanes.Create(1), up = TLanes.SelectLess(sum, TLanes.Create(Small), TLanes.Create(Raise), one);
        TVec unit = TLanes.Divide(one, TLanes.Multiply(sum, up));
        TVec a = TLanes.Multiply(TLanes.Multiply(all.A, up), unit), b = TLanes.Multiply(TLanes.Multiply(all.B, up), unit);
        TVec c = TLanes.Multiply(TLanes.Multiply(all.C, up), unit), d = TLanes.Multiply(TLanes.Multiply(all.D, up), unit);
        TVec ab = TLanes.Add(a, b), cd = TLanes.Add(c, d);
        TVec ra = TLanes.Add(b, cd), rb = TLanes.Add(a, cd), rc = TLanes.Add(d, ab), rd = TLanes.Add(c, ab);

        // With Pab = Ra Rb and Nab = (m_a / Ra + m_b / Rb) Pab the denominator for a is Da / (Rb Pcd), where Da = Pcd + Rb Ncd because
        // Rb + m_b = 1. At most one R is near zero, and then no D is: one division serves all four.
        TVec pab = TLanes.Multiply(ra, rb), pcd = TLanes.Multiply(rc, rd);
        TVec nab = TLanes.Add(TLanes.Multiply(a, rb), TLanes.Multiply(b, ra)), ncd = TLanes.Add(TLanes.Multiply(c, rd), TLanes.Multiply(d, rc));
        TVec da = TLanes.Add(pcd, TLanes.Multiply(rb, ncd)), db = TLanes.Add(pcd, TLanes.Multiply(ra, ncd));
        TVec dc = TLanes.Add(pab, TLanes.Multiply(rd, nab)), dd = TLanes.Add(pab, TLanes.Multiply(rc, nab));
        TVec dab = TLanes.Multiply(da, db), dcd = TLanes.Multiply(dc, dd);
        TVec scale = TLanes.Divide(sum, TLanes.Multiply(dab, dcd));
        TVec forAB = TLanes.Multiply(TLanes.Multiply(scale, pcd), dcd), forCD = TLanes.Multiply(TLanes.Multiply(scale, pab), dab);
        return new(
            TLanes.Multiply(TLanes.Multiply(rb, db), forAB),
            TLanes.Multiply(TLanes.Multiply(ra, da), forAB),
            TLanes.Multiply(TLanes.Multiply(rd, dd), forCD),
            TLanes.Multiply(TLanes.Multiply(rc, dc), forCD));
    }

    /// <summary>What stands for an entry: itself, its scaled value, or zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVec Entry<TLanes, TVec>(TVec entry, TVec scaled, TVec left, TVec magnitude, TVec rest)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
    {
        TVec zero = TLanes.Create(0);
        TVec drawn = TLanes.SelectLess(left, magnitude, TLanes.CopySign(scaled, entry), zero);
        return TLanes.SelectLess(zero, rest, drawn, entry);
    }
}
