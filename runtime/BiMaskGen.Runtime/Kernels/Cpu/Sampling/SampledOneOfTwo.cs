using System.Runtime.CompilerServices;

namespace BiMaskGen.Kernels.Cpu;

/// <summary>One of a pair, drawn by magnitude: what is kept stands as ±(|a| + |b|) (arXiv 2203.10991).</summary>
internal readonly struct SampledOneOfTwo : ISampledGroup
{
    public static int Kept => 1;

    public static int Size => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sample<TLanes, TVec>(ref GroupOf<TVec> group, TVec first, TVec second)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
    {
        TVec one = TLanes.Create(1), zero = TLanes.Create(0);
        TVec a = TLanes.CopySign(group.A, one), sum = TLanes.Add(a, TLanes.CopySign(group.B, one));
        TVec at = TLanes.Multiply(first, sum);
        TVec keptA = TLanes.SelectLess(at, a, TLanes.CopySign(sum, group.A), zero);
        TVec keptB = TLanes.SelectLess(at, a, zero, TLanes.CopySign(sum, group.B));

        // A NaN, an infinity, or a sum past the largest float leaves nothing to draw by: one NaN stands for the pair.
        TVec infinity = TLanes.Create(float.PositiveInfinity);
        group.A = TLanes.SelectLess(sum, infinity, keptA, TLanes.Create(float.NaN));
        group.B = TLanes.SelectLess(sum, infinity, keptB, zero);
    }
}
