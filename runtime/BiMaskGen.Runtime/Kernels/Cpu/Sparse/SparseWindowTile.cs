using System.Runtime.CompilerServices;
using BiMaskGen.Packing;

namespace BiMaskGen.Kernels.Cpu;

// Up to 8 batch entries against two registers of rows: 16 accumulators, two registers each of weights and indices, one group of input. With
// 16 registers it is 4 entries. Everything the loop needs comes as an argument: a call inside it would spill them all.

/// <summary>The innermost loop of the sparse product over windows.</summary>
internal static unsafe class SparseWindowTile
{
    // Weights larger than the caches come from memory as two streams, too few for the processor's own prefetching, which also stops at
    // every page: 4 KiB ahead.
    private const int Ahead = 32 * PackedGroups.TileRows;

    /// <summary>y[b, row] = Σ over all slots, for two registers of rows and TBatch batch entries.</summary>
    /// <param name="groups">Groups of a row.</param>
    /// <param name="values">[slot][32 rows], at the first row.</param>
    /// <param name="words">[word][32 rows], at the first row.</param>
    /// <param name="x">[batch][position].</param>
    /// <param name="strideX">From one batch entry to the next.</param>
    /// <param name="y">[batch][row].</param>
    /// <param name="strideY">From one batch entry to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run<TPattern, TLanes, TVec, TWindow, TBatch>(
        int groups, float* values, uint* words, float* x, nint strideX, float* y, nint strideY)
        where TPattern : struct, INMPattern
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
        where TWindow : struct, IWindow<TVec>
        where TBatch : struct, ISize
    {
        TVec s0 = TLanes.Create(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        TVec t0 = s0, t1 = s0, t2 = s0, t3 = s0, t4 = s0, t5 = s0, t6 = s0, t7 = s0;
        while (groups > 0)
        {
            TVec i0 = TWindow.LoadWords(words), i1 = TWindow.LoadWords(words + TLanes.Count);
            words += PackedGroups.TileRows;
            int count = Math.Min(groups, PackedGroups.GroupsPerWordOf<TPattern>());
            groups -= count;
            for (; count > 0; count--)
            {
                for (int n = 0; n < TPattern.N; n++)
                {
                    TVec w0 = TLanes.Load(values), w1 = TLanes.Load(values + TLanes.Count);
                    Prefetch.Near(values + Ahead);
                    Prefetch.Near(values + Ahead + Prefetch.Line);
                    values += PackedGroups.TileRows;
                    Step<TPattern, TLanes, TVec, TWindow, TBatch>(0, x, i0, i1, w0, w1, ref s0, ref t0);
                    Step<TPattern, TLanes, TVec, TWindow, TBatch>(1, x + strideX, i0, i1, w0, w1, ref s1, ref t1);
                    Step<TPattern, TLanes, TVec, TWindow, TBatch>(2, x + (2 * strideX), i0, i1, w0, w1, ref s2, ref t2);
                    Step<TPattern, TLanes, TVec, TWindow, TBatch>(3, x + (3 * strideX), i0, i1, w0, w1, ref s3, ref t3);
                    Step<TPattern, TLanes, TVec, TWindow, TBatch>(4, x + (4 * strideX), i0, i1, w0, w1, ref s4, ref t4);
                    Step<TPattern, TLanes, TVec, TWindow, TBatch>(5, x + (5 * strideX), i0, i1, w0, w1, ref s5, ref t5);
                    Step<TPattern, TLanes, TVec, TWindow, TBatch>(6, x + (6 * strideX), i0, i1, w0, w1, ref s6, ref t6);
                    Step<TPattern, TLanes, TVec, TWindow, TBatch>(7, x + (7 * strideX), i0, i1, w0, w1, ref s7, ref t7);
                    i0 = TWindow.Shift(i0, PackedGroups.IndexBitsOf(TPattern.M));
                    i1 = TWindow.Shift(i1, PackedGroups.IndexBitsOf(TPattern.M));
                }

                x += TPattern.M;
            }
        }

        Store<TLanes, TVec, TBatch>(0, s0, t0, y);
        Store<TLanes, TVec, TBatch>(1, s1, t1, y + strideY);
        Store<TLanes, TVec, TBatch>(2, s2, t2, y + (2 * strideY));
        Store<TLanes, TVec, TBatch>(3, s3, t3, y + (3 * strideY));
        Store<TLanes, TVec, TBatch>(4, s4, t4, y + (4 * strideY));
        Store<TLanes, TVec, TBatch>(5, s5, t5, y + (5 * strideY));
        Store<TLanes, TVec, TBatch>(6, s6, t6, y + (6 * strideY));
        Store<TLanes, TVec, TBatch>(7, s7, t7, y + (7 * strideY));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TPattern, TLanes, TVec, TWindow, TBatch>(
        int i, float* x, TVec i0, TVec i1, TVec w0, TVec w1, ref TVec s, ref TVec t)
        where TPattern : struct, INMPattern
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
        where TWindow : struct, IWindow<TVec>
        where TBatch : struct, ISize
    {
        if (i < TBatch.Value)
        {
            TVec group = TWindow.Group<TPattern>(x);
            s = TLanes.MultiplyAdd(TWindow.Pick<TPattern>(group, i0), w0, s);
            t = TLanes.MultiplyAdd(TWindow.Pick<TPattern>(group, i1), w1, t);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TLanes, TVec, TBatch>(int i, TVec s, TVec t, float* y)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
        where TBatch : struct, ISize
    {
        if (i < TBatch.Value)
        {
            TLanes.Store(s, y);
            TLanes.Store(t, y + TLanes.Count);
        }
    }
}
