using System.Runtime.CompilerServices;
using BiMaskGen.Packing;

namespace BiMaskGen.Kernels.Cpu;

// Vectors run over the batch. For a block of positions the panel of inputs [position][batch] lies in first-level cache; each kept weight is
// broadcast, its index picks a line of the panel, and one multiply-add per register reads that line from memory. 8 accumulators hide the
// latency of a multiply-add: 2 rows × 4 registers on a full panel, 4 × 2 or 8 × 1 where the batch fills less. The bound is the number
// of loads, 8 + 4 for 8 multiply-adds on a full panel.

/// <summary>The innermost loops of the sparse product over panels.</summary>
internal static unsafe class SparsePanelBlock
{
    /// <summary>Adds one block of positions to the outputs of the rows of one tile.</summary>
    /// <param name="rows">Rows that exist; outputs have room for a multiple of 8.</param>
    /// <param name="slots">Slots of a row in this block.</param>
    /// <param name="values">[slot][16 rows].</param>
    /// <param name="indices">[slot][16 rows].</param>
    /// <param name="x">[position in the block][TVectors registers].</param>
    /// <param name="y">[row][TVectors registers].</param>
    /// <param name="first">Whether outputs begin at zero.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run<TLanes, TVec, TVectors>(int rows, int slots, float* values, byte* indices, float* x, float* y, bool first)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
        where TVectors : struct, ISize
    {
        for (int row = 0; row < rows; row += 8 / TVectors.Value)
        {
            TVec a0 = TLanes.Create(0), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
            if (!first)
            {
                a0 = TLanes.Load(y);
                a1 = TLanes.Load(y + TLanes.Count);
                a2 = TLanes.Load(y + (2 * TLanes.Count));
                a3 = TLanes.Load(y + (3 * TLanes.Count));
                a4 = TLanes.Load(y + (4 * TLanes.Count));
                a5 = TLanes.Load(y + (5 * TLanes.Count));
                a6 = TLanes.Load(y + (6 * TLanes.Count));
                a7 = TLanes.Load(y + (7 * TLanes.Count));
            }

            float* value = values + row;
            byte* index = indices + row;
            for (int slot = 0; slot < slots; slot++)
            {
                TVec weight = TLanes.Create(0);
                float* line = x;
                Term<TLanes, TVec, TVectors>(0, value, index, x, ref weight, ref line, ref a0);
                Term<TLanes, TVec, TVectors>(1, value, index, x, ref weight, ref line, ref a1);
                Term<TLanes, TVec, TVectors>(2, value, index, x, ref weight, ref line, ref a2);
                Term<TLanes, TVec, TVectors>(3, value, index, x, ref weight, ref line, ref a3);
                Term<TLanes, TVec, TVectors>(4, value, index, x, ref weight, ref line, ref a4);
                Term<TLanes, TVec, TVectors>(5, value, index, x, ref weight, ref line, ref a5);
                Term<TLanes, TVec, TVectors>(6, value, index, x, ref weight, ref line, ref a6);
                Term<TLanes, TVec, TVectors>(7, value, index, x, ref weight, ref line, ref a7);
                value += PackedMatrix.TileRows;
                index += PackedMatrix.TileRows;
            }

            TLanes.Store(a0, y);
            TLanes.Store(a1, y + TLanes.Count);
            TLanes.Store(a2, y + (2 * TLanes.Count));
            TLanes.Store(a3, y + (3 * TLanes.Count));
            TLanes.Store(a4, y + (4 * TLanes.Count));
            TLanes.Store(a5, y + (5 * TLanes.Count));
            TLanes.Store(a6, y + (6 * TLanes.Count));
            TLanes.Store(a7, y + (7 * TLanes.Count));
            y += 8 * TLanes.Count;
        }
    }
    /// <summary>The multiply-add of accumulator i: register i % TVectors of row i / TVectors; the first of a row fetches its weight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Term<TLanes, TVec, TVectors>(
        int i, float* value, byte* index, float* x, ref TVec weight, ref float* line, ref TVec sum)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
        where TVectors : struct, ISize
    {
        if (i % TVectors.Value == 0)
        {
            weight = TLanes.Create(value[i / TVectors.Value]);
            line = x + (index[i / TVectors.Value] * (nint)(TVectors.Value * TLanes.Count));
        }

        sum = TLanes.MultiplyAdd(weight, TLanes.Load(line + (i % TVectors.Value * TLanes.Count)), sum);
    }
}
