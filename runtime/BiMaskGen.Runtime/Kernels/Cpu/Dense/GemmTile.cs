using System.Runtime.CompilerServices;

namespace BiMaskGen.Kernels.Cpu;

// The innermost loop of the dense product: a tile of up to 12 rows × 2 registers of C stays in registers over a whole block of the
// contraction; each step loads 2 registers of B, broadcasts 12 floats of A and does 24 multiply-adds. 24 accumulators + 2 + 1 fit the
// 32 registers of AVX-512 and ARM64; with 16 registers a tile has at most 6 rows (12 + 2 + 1).
// Rows and columns are type parameters: the JIT drops what a smaller tile does not have, so one text serves all heights and widths.

/// <summary>A constant as a type.</summary>
internal interface ISize
{
    static abstract int Value { get; }
}

internal readonly struct Size1 : ISize
{
    public static int Value => 1;
}

internal readonly struct Size2 : ISize
{
    public static int Value => 2;
}

internal readonly struct Size4 : ISize
{
    public static int Value => 4;
}

internal readonly struct Size6 : ISize
{
    public static int Value => 6;
}

internal readonly struct Size8 : ISize
{
    public static int Value => 8;
}

internal readonly struct Size12 : ISize
{
    public static int Value => 12;
}

/// <summary>The register tile of the dense product.</summary>
internal static unsafe class GemmTile
{
    /// <summary>
    /// C = alpha A B + beta C for a tile of TRows rows and TVectors registers. A is packed [k][TRows]; rows of B are
    /// <paramref name="strideB"/> floats apart.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run<TLanes, TVec, TRows, TVectors>(
        int k, float* a, float* b, nint strideB, float alpha, float beta, float* c, nint strideC)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
        where TRows : struct, ISize
        where TVectors : struct, ISize
    {
        TVec r0x0 = TLanes.Create(0), r0x1 = TLanes.Create(0);
        TVec r1x0 = TLanes.Create(0), r1x1 = TLanes.Create(0);
        TVec r2x0 = TLanes.Create(0), r2x1 = TLanes.Create(0);
        TVec r3x0 = TLanes.Create(0), r3x1 = TLanes.Create(0);
        TVec r4x0 = TLanes.Create(0), r4x1 = TLanes.Create(0);
        TVec r5x0 = TLanes.Create(0), r5x1 = TLanes.Create(0);
        TVec r6x0 = TLanes.Create(0), r6x1 = TLanes.Create(0);
        TVec r7x0 = TLanes.Create(0), r7x1 = TLanes.Create(0);
        TVec r8x0 = TLanes.Create(0), r8x1 = TLanes.Create(0);
        TVec r9x0 = TLanes.Create(0), r9x1 = TLanes.Create(0);
        TVec r10x0 = TLanes.Create(0), r10x1 = TLanes.Create(0);
        TVec r11x0 = TLanes.Create(0), r11x1 = TLanes.Create(0);
        for (int p = 0; p < k; p++)
        {
            TVec b0 = TLanes.Load(b);
            TVec b1 = TVectors.Value > 1 ? TLanes.Load(b + TLanes.Count) : b0;
            b += strideB;
            Step<TLanes, TVec, TVectors>(a[0], b0, b1, ref r0x0, ref r0x1);
            if (TRows.Value > 1)
            {
                Step<TLanes, TVec, TVectors>(a[1], b0, b1, ref r1x0, ref r1x1);
            }

            if (TRows.Value > 2)
            {
                Step<TLanes, TVec, TVectors>(a[2], b0, b1, ref r2x0, ref r2x1);
                Step<TLanes, TVec, TVectors>(a[3], b0, b1, ref r3x0, ref r3x1);
            }

            if (TRows.Value > 4)
            {
                Step<TLanes, TVec, TVectors>(a[4], b0, b1, ref r4x0, ref r4x1);
                Step<TLanes, TVec, TVectors>(a[5], b0, b1, ref r5x0, ref r5x1);
            }

            if (TRows.Value > 6)
            {
                Step<TLanes, TVec, TVectors>(a[6], b0, b1, ref r6x0, ref r6x1);
                Step<TLanes, TVec, TVectors>(a[7], b0, b1, ref r7x0, ref r7x1);
            }

            if (TRows.Value > 8)
            {
                Step<TLanes, TVec, TVectors>(a[8], b0, b1, ref r8x0, ref r8x1);
                Step<TLanes, TVec, TVectors>(a[9], b0, b1, ref r9x0, ref r9x1);
                Step<TLanes, TVec, TVectors>(a[10], b0, b1, ref r10x0, ref r10x1);
                Step<TLanes, TVec, TVectors>(a[11], b0, b1, ref r11x0, ref r11x1);
            }

            a += TRows.Value;
        }

        TVec scale = TLanes.Create(alpha);
        Finish<TLanes, TVec, TVectors>(c, scale, beta, r0x0, r0x1);
        if (TRows.Value > 1)
        {
            Finish<TLanes, TVec, TVectors>(c + strideC, scale, beta, r1x0, r1x1);
        }

        if (TRows.Value > 2)
        {
            Finish<TLanes, TVec, TVectors>(c + (2 * strideC), scale, beta, r2x0, r2x1);
            Finish<TLanes, TVec, TVectors>(c + (3 * strideC), scale, beta, r3x0, r3x1);
        }

        if (TRows.Value > 4)
        {
            Finish<TLanes, TVec, TVectors>(c + (4 * strideC), scale, beta, r4x0, r4x1);
            Finish<TLanes, TVec, TVectors>(c + (5 * strideC), scale, beta, r5x0, r5x1);
        }

        if (TRows.Value > 6)
        {
            Finish<TLanes, TVec, TVectors>(c + (6 * strideC), scale, beta, r6x0, r6x1);
            Finish<TLanes, TVec, TVectors>(c + (7 * strideC), scale, beta, r7x0, r7x1);
        }

        if (TRows.Value > 8)
        {
            Finish<TLanes, TVec, TVectors>(c + (8 * strideC), scale, beta, r8x0, r8x1);
            Finish<TLanes, TVec, TVectors>(c + (9 * strideC), scale, beta, r9x0, r9x1);
            Finish<TLanes, TVec, TVectors>(c + (10 * strideC), scale, beta, r10x0, r10x1);
            Finish<TLanes, TVec, TVectors>(c + (11 * strideC), scale, beta, r11x0, r11x1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TLanes, TVec, TVectors>(float a, TVec b0, TVec b1, ref TVec sum0, ref TVec sum1)
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
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TLanes, TVec, TVectors>(float* c, TVec alpha, float beta, TVec sum0, TVec sum1)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
        where TVectors : struct, ISize
    {
        FinishOne<TLanes, TVec>(c, alpha, beta, sum0);
        if (TVectors.Value > 1)
        {
            FinishOne<TLanes, TVec>(c + TLanes.Count, alpha, beta, sum1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FinishOne<TLanes, TVec>(float* c, TVec alpha, float beta, TVec sum)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
    {
        // With beta 0 nothing is read: C may hold NaN.
        TVec product = TLanes.Multiply(alpha, sum);
        TLanes.Store(beta == 0 ? product : TLanes.MultiplyAdd(TLanes.Create(beta), TLanes.Load(c), product), c);
    }
}
