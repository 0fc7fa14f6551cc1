using System.Runtime.CompilerServices;

namespace BiMaskGen.Kernels.Cpu;

// 4 × 4 dot products: 16 accumulators, 4 columns and a row fit 32 registers. The sums leave as vectors, to be added up by the caller: a
// call in this method would make the JIT keep them in memory through the loop.

/// <summary>The innermost loop of the dense product as dot products.</summary>
internal static unsafe class GemmThinTile
{
    /// <param name="k">Steps, a multiple of the register.</param>
    /// <param name="a">TRows (1 or 4) rows.</param>
    /// <param name="strideA">From one row to the next.</param>
    /// <param name="b">TColumns (1, 2 or 4) columns.</param>
    /// <param name="strideB">From one column to the next.</param>
    /// <param name="lanes">[row][column][register]: sums of every lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run<TLanes, TVec, TRows, TColumns>(int k, float* a, nint strideA, float* b, nint strideB, float* lanes)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
        where TRows : struct, ISize
        where TColumns : struct, ISize
    {
        TVec s00 = TLanes.Create(0), s01 = s00, s02 = s00, s03 = s00, s10 = s00, s11 = s00, s12 = s00, s13 = s00;
        TVec s20 = s00, s21 = s00, s22 = s00, s23 = s00, s30 = s00, s31 = s00, s32 = s00, s33 = s00;
        for (int p = 0; p < k; p += TLanes.Count)
        {
            TVec b0 = TLanes.Load(b);
            TVec b1 = TColumns.Value > 1 ? TLanes.Load(b + strideB) : b0;
            TVec b2 = TColumns.Value > 2 ? TLanes.Load(b + (2 * strideB)) : b0;
            TVec b3 = TColumns.Value > 2 ? TLanes.Load(b + (3 * strideB)) : b0;
            Row<TLanes, TVec, TColumns>(a, b0, b1, b2, b3, ref s00, ref s01, ref s02, ref s03);
            if (TRows.Value > 1)
            {
                Row<TLanes, TVec, TColumns>(a + strideA, b0, b1, b2, b3, ref s10, ref s11, ref s12, ref s13);
                Row<TLanes, TVec, TColumns>(a + (2 * strideA), b0, b1, b2, b3, ref s20, ref s21, ref s22, ref s23);
                Row<TLanes, TVec, TColumns>(a + (3 * strideA), b0, b1, b2, b3, ref s30, ref s31, ref s32, ref s33);
            }

            a += TLanes.Count;
            b += TLanes.Count;
        }

        int row = TColumns.Value * TLanes.Count;
        Store<TLanes, TVec, TColumns>(lanes, s00, s01, s02, s03);
        if (TRows.Value > 1)
        {
            Store<TLanes, TVec, TColumns>(lanes + row, s10, s11, s12, s13);
            Store<TLanes, TVec, TColumns>(lanes + (2 * row), s20, s21, s22, s23);
            Store<TLanes, TVec, TColumns>(lanes + (3 * row), s30, s31, s32, s33);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<TLanes, TVec, TColumns>(
        float* a, TVec b0, TVec b1, TVec b2, TVec b3, ref TVec s0, ref TVec s1, ref TVec s2, ref TVec s3)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
        where TColumns : struct, ISize
    {
        TVec value = TLanes.Load(a);
        s0 = TLanes.MultiplyAdd(value, b0, s0);
        if (TColumns.Value > 1)
        {
            s1 = TLanes.MultiplyAdd(value, b1, s1);
        }

        if (TColumns.Value > 2)
        {
            s2 = TLanes.MultiplyAdd(value, b2, s2);
            s3 = TLanes.MultiplyAdd(value, b3, s3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TLanes, TVec, TColumns>(float* lanes, TVec s0, TVec s1, TVec s2, TVec s3)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
        where TColumns : struct, ISize
    {
        TLanes.Store(s0, lanes);
        if (TColumns.Value > 1)
        {
            TLanes.Store(s1, lanes + TLanes.Count);
        }

        if (TColumns.Value > 2)
        {
            TLanes.Store(s2, lanes + (2 * TLanes.Count));
            TLanes.Store(s3, lanes + (3 * TLanes.Count));
        }
    }
}
