using System.Runtime.CompilerServices;

namespace BiMaskGen.Kernels.Cpu;

// The innermost loop of the dense product: a tile of up to 8 rows × 3 registers of C stays in registers over a whole block of the
// contraction; each step loads 3 registers of B, broadcasts 8 floats of A and does 24 multiply-adds. 24 accumulators + 3 + 1 fit the
// 32 registers of AVX-512 and ARM64; with 16 registers a tile has at most 4 rows (12 + 3 + 1). Eight rows are few enough to be
// addressed where they lie: two pointers and multiples of one stride.
// What C holds and what the next tiles need of B is fetched meanwhile, a line or a row with every step: asked for all at once these lines
// would occupy the line fill buffers, and the loop, whose B comes through them from the second level, would stand still. A step of a
// smaller tile is too short to carry that along.

/// <summary>The register tile of the dense product.</summary>
internal static unsafe class GemmTile
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run<TLanes, TVec, TRows, TVectors, TLayout>(in GemmTileOperands operands)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
        where TRows : struct, ISize
        where TVectors : struct, ISize
        where TLayout : struct, IRowLayout
    {
        TVec r0x0 = TLanes.Create(0), r0x1 = TLanes.Create(0), r0x2 = TLanes.Create(0);
        TVec r1x0 = TLanes.Create(0), r1x1 = TLanes.Create(0), r1x2 = TLanes.Create(0);
        TVec r2x0 = TLanes.Create(0), r2x1 = TLanes.Create(0), r2x2 = TLanes.Create(0);
        TVec r3x0 = TLanes.Create(0), r3x1 = TLanes.Create(0), r3x2 = TLanes.Create(0);
        TVec r4x0 = TLanes.Create(0), r4x1 = TLanes.Create(0), r4x2 = TLanes.Create(0);
        TVec r5x0 = TLanes.Create(0), r5x1 = TLanes.Create(0), r5x2 = TLanes.Create(0);
        TVec r6x0 = TLanes.Create(0), r6x1 = TLanes.Create(0), r6x2 = TLanes.Create(0);
        TVec r7x0 = TLanes.Create(0), r7x1 = TLanes.Create(0), r7x2 = TLanes.Create(0);
        nint strideA = operands.StrideA;
        nint strideB = operands.StrideB;
        nint step = TLayout.StepsAdjacent ? 1 : strideA;
        nint row1 = TLayout.StepsAdjacent ? strideA : 1;
        nint row2 = 2 * row1;
        nint row3 = 3 * row1;
        float* c = operands.C;
        nint strideC = operands.StrideC;
        nuint fetched = 0;
        nuint rowsPerStep = (uint)(TRows.Value * operands.SharePerStep);
        float* ahead = operands.Ahead;
        nint strideAhead = operands.StrideAhead;
        float* b = operands.B;
        float* a = operands.A;
        float* a4 = TRows.Value > 4 ? a + (4 * row1) : a;
        for (int p = operands.Steps; p > 0; p--)
        {
            TVec b0 = TLanes.Load(b);
            TVec b1 = TVectors.Value > 1 ? TLanes.Load(b + TLanes.Count) : b0;
            TVec b2 = TVectors.Value > 2 ? TLanes.Load(b + (2 * TLanes.Count)) : b0;
            b += strideB;
            if (Prefetch.IsSupported && TVectors.Value == 3 && TRows.Value > 4)
            {
                FetchRow<TLanes, TVec>(c + ((nint)(fetched >> GemmTileOperands.ShareBits) * strideC));
                fetched += rowsPerStep;
                Prefetch.Near(ahead);
                ahead += strideAhead;
            }

            Step<TLanes, TVec, TVectors>(a[0], b0, b1, b2, ref r0x0, ref r0x1, ref r0x2);
            if (TRows.Value > 1)
            {
                Step<TLanes, TVec, TVectors>(a[row1], b0, b1, b2, ref r1x0, ref r1x1, ref r1x2);
            }

            if (TRows.Value > 2)
            {
                Step<TLanes, TVec, TVectors>(a[row2], b0, b1, b2, ref r2x0, ref r2x1, ref r2x2);
                Step<TLanes, TVec, TVectors>(a[row3], b0, b1, b2, ref r3x0, ref r3x1, ref r3x2);
            }

            if (TRows.Value > 4)
            {
                Step<TLanes, TVec, TVectors>(a4[0], b0, b1, b2, ref r4x0, ref r4x1, ref r4x2);
                Step<TLanes, TVec, TVectors>(a4[row1], b0, b1, b2, ref r5x0, ref r5x1, ref r5x2);
            }

            if (TRows.Value > 6)
            {
                Step<TLanes, TVec, TVectors>(a4[row2], b0, b1, b2, ref r6x0, ref r6x1, ref r6x2);
                Step<TLanes, TVec, TVectors>(a4[row3], b0, b1, b2, ref r7x0, ref r7x1, ref r7x2);
            }

            a += step;
            if (TRows.Value > 4)
            {
                a4 += step;
            }
        }

        TVec alpha = TLanes.Create(operands.Alpha);
        TVec beta = TLanes.Create(operands.Beta);
        bool adds = operands.Beta != 0;
        Finish<TLanes, TVec, TVectors>(c, alpha, beta, adds, r0x0, r0x1, r0x2);
        if (TRows.Value > 1)
        {
            Finish<TLanes, TVec, TVectors>(c + strideC, alpha, beta, adds, r1x0, r1x1, r1x2);
        }

        if (TRows.Value > 2)
        {
            Finish<TLanes, TVec, TVectors>(c + (2 * strideC), alpha, beta, adds, r2x0, r2x1, r2x2);
            Finish<TLanes, TVec, TVectors>(c + (3 * strideC), alpha, beta, adds, r3x0, r3x1, r3x2);
        }

        if (TRows.Value > 4)
        {
            Finish<TLanes, TVec, TVectors>(c + (4 * strideC), alpha, beta, adds, r4x0, r4x1, r4x2);
            Finish<TLanes, TVec, TVectors>(c + (5 * strideC), alpha, beta, adds, r5x0, r5x1, r5x2);
        }

        if (TRows.Value > 6)
        {
            Finish<TLanes, TVec, TVectors>(c + (6 * strideC), alpha, beta, adds, r6x0, r6x1, r6x2);
            Finish<TLanes, TVec, TVectors>(c + (7 * strideC), alpha, beta, adds, r7x0, r7x1, r7x2);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FetchRow<TLanes, TVec>(float* row)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
    {
        Prefetch.Near(row);
        if (3 * TLanes.Count > Prefetch.Line)
        {
            Prefetch.Near(row + Prefetch.Line);
        }

        if (3 * TLanes.Count > 2 * Prefetch.Line)
        {
            Prefetch.Near(row + (2 * Prefetch.Line));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TLanes, TVec, TVectors>(
        float a, TVec b0, TVec b1, TVec b2, ref TVec sum0, ref TVec sum1, ref TVec sum2)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
        where TVectors : struct, ISize
    {
        TVec row = TLanes.Create(a);
        sum0 = TLanes.MultiplyAdd(row, b0, sum0);
        if (TVectors.Value > 1)
        {
            sum1 = TLanes.MultiplyAdd(row, b1, sum1);
        }

        if (TVectors.Value > 2)
        {
            sum2 = TLanes.MultiplyAdd(row, b2, sum2);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TLanes, TVec, TVectors>(
        float* c, TVec alpha, TVec beta, bool adds, TVec sum0, TVec sum1, TVec sum2)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
        where TVectors : struct, ISize
    {
        sum0 = TLanes.Multiply(alpha, sum0);
        sum1 = TLanes.Multiply(alpha, sum1);
        sum2 = TLanes.Multiply(alpha, sum2);

        // With beta 0 nothing is read: C may hold NaN.
        if (adds)
        {
            sum0 = TLanes.MultiplyAdd(beta, TLanes.Load(c), sum0);
            sum1 = TVectors.Value > 1 ? TLanes.MultiplyAdd(beta, TLanes.Load(c + TLanes.Count), sum1) : sum1;
            sum2 = TVectors.Value > 2 ? TLanes.MultiplyAdd(beta, TLanes.Load(c + (2 * TLanes.Count)), sum2) : sum2;
        }

        TLanes.Store(sum0, c);
        if (TVectors.Value > 1)
        {
            TLanes.Store(sum1, c + TLanes.Count);
        }

        if (TVectors.Value > 2)
        {
            TLanes.Store(sum2, c + (2 * TLanes.Count));
        }
    }
}
