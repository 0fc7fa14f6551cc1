using System.Runtime.CompilerServices;
using BiMaskGen.Packing;

namespace BiMaskGen.Kernels.Cpu;

// Up to 8 batch entries against the rows of a tile: 8 accumulators, 8 windows of input and one slot of weights and indices fit 32
// registers; with 16 registers it is 4 entries. Everything the loop needs comes as an argument: a call inside it would spill them all.

/// <summary>The innermost loop of the sparse product over windows.</summary>
internal static unsafe class SparseWindowTile
{
    /// <summary>y[b, row] = Σ over all slots, for the rows of one register and TBatch batch entries.</summary>
    /// <param name="slots">Slots of a row.</param>
    /// <param name="slotsPerWindow">Slots that pick from one register of input.</param>
    /// <param name="values">[slot][16 rows], at the first row.</param>
    /// <param name="indices">[slot][16 rows], at the first row.</param>
    /// <param name="x">[batch][position], whole windows.</param>
    /// <param name="strideX">From one batch entry to the next.</param>
    /// <param name="y">[batch][row].</param>
    /// <param name="strideY">From one batch entry to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run<TLanes, TVec, TWindow, TBatch>(
        int slots, int slotsPerWindow, float* values, byte* indices, float* x, nint strideX, float* y, nint strideY)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
        where TWindow : struct, IWindow<TVec>
        where TBatch : struct, ISize
    {
        TVec s0 = TLanes.Create(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        while (slots > 0)
        {
            TVec x0 = TLanes.Load(x);
            TVec x1 = TBatch.Value > 1 ? TLanes.Load(x + strideX) : x0;
            TVec x2 = TBatch.Value > 2 ? TLanes.Load(x + (2 * strideX)) : x0;
            TVec x3 = TBatch.Value > 2 ? TLanes.Load(x + (3 * strideX)) : x0;
            TVec x4 = TBatch.Value > 4 ? TLanes.Load(x + (4 * strideX)) : x0;
            TVec x5 = TBatch.Value > 4 ? TLanes.Load(x + (5 * strideX)) : x0;
            TVec x6 = TBatch.Value > 4 ? TLanes.Load(x + (6 * strideX)) : x0;
            TVec x7 = TBatch.Value > 4 ? TLanes.Load(x + (7 * strideX)) : x0;
            x += TLanes.Count;
            int count = Math.Min(slots, slotsPerWindow);
            slots -= count;
            for (; count > 0; count--)
            {
                TVec weight = TLanes.Load(values);
                TVec index = TWindow.LoadIndices(indices);
                values += PackedMatrix.TileRows;
                indices += PackedMatrix.TileRows;
                s0 = TLanes.MultiplyAdd(TWindow.Pick(x0, index), weight, s0);
                if (TBatch.Value > 1)
                {
                    s1 = TLanes.MultiplyAdd(TWindow.Pick(x1, index), weight, s1);
                }

                if (TBatch.Value > 2)
                {
                    s2 = TLanes.MultiplyAdd(TWindow.Pick(x2, index), weight, s2);
                    s3 = TLanes.MultiplyAdd(TWindow.Pick(x3, index), weight, s3);
                }

                if (TBatch.Value > 4)
                {
                    s4 = TLanes.MultiplyAdd(TWindow.Pick(x4, index), weight, s4);
                    s5 = TLanes.MultiplyAdd(TWindow.Pick(x5, index), weight, s5);
                    s6 = TLanes.MultiplyAdd(TWindow.Pick(x6, index), weight, s6);
                    s7 = TLanes.MultiplyAdd(TWindow.Pick(x7, index), weight, s7);
                }
            }
        }

        TLanes.Store(s0, y);
        if (TBatch.Value > 1)
        {
            TLanes.Store(s1, y + strideY);
        }

        if (TBatch.Value > 2)
        {
            TLanes.Store(s2, y + (2 * strideY));
            TLanes.Store(s3, y + (3 * strideY));
        }

        if (TBatch.Value > 4)
        {
            TLanes.Store(s4, y + (4 * strideY));
            TLanes.Store(s5, y + (5 * strideY));
            TLanes.Store(s6, y + (6 * strideY));
            TLanes.Store(s7, y + (7 * strideY));
        }
    }
}
