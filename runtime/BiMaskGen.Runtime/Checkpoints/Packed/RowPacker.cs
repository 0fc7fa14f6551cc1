using System.Numerics;
using System.Runtime.CompilerServices;
using BiMaskGen.Masks;

namespace BiMaskGen.Checkpoints;

/// <summary>
/// Packs rows of a dense tensor: of every group the values that the mask keeps, in ascending order of their positions, and those positions within
/// the group. Every group gets its full number of values: where the mask keeps fewer, pruned positions join with the value +0, the lowest first.
/// </summary>
/// <param name="layer">The layer's sizes.</param>
/// <param name="order">The column at each position, or null for their own order.</param>
internal readonly unsafe struct RowPacker(PackedLayerInfo layer, int* order)
{
    private const int WordBits = 64;

    /// <summary>Packs one row.</summary>
    /// <typeparam name="T">An unsigned integer of the elements' size: bits are moved, never read as numbers.</typeparam>
    /// <param name="dense">The row.</param>
    /// <param name="mask">The mask's row.</param>
    /// <param name="values">Room for the kept values, or null if only the indices are wanted.</param>
    /// <param name="indices">Room for the indices.</param>
    /// <param name="scratch">Room for a mask's row, if there is an order.</param>
    /// <returns>The first group in which the mask keeps more than it may, or −1.</returns>
    public int Pack<T>(T* dense, ulong* mask, T* values, byte* indices, ulong* scratch)
        where T : unmanaged
    {
        if (order == null)
        {
            return PackPositions<T, InPlace>(dense, mask, values, indices);
        }

        new Span<ulong>(scratch, (layer.InFeatures + WordBits - 1) / WordBits).Clear();
        for (int position = 0; position < layer.InFeatures; position++)
        {
            int column = order[position];
            scratch[position / WordBits] |= (mask[column / WordBits] >> (column % WordBits) & 1) << (position % WordBits);
        }

        return PackPositions<T, Ordered>(dense, scratch, values, indices);
    }

    private int PackPositions<T, TPlace>(T* dense, ulong* mask, T* values, byte* indices)
        where T : unmanaged
        where TPlace : struct, IPlace
    {
        int m = layer.Pattern.M, groups = layer.Pattern.GroupsIn(layer.InFeatures), bits = layer.IndexBits;
        ulong ahead = 0;
        int have = 0;
        for (int group = 0; group < groups; group++)
        {
            int first = group * m, members = layer.MembersOf(group);
            ulong kept = MaskBits.Read(mask, first, members);
            int missing = Math.Min(layer.Pattern.N, members) - BitOperations.PopCount(kept);
            if (missing < 0)
            {
                return group;
            }

            ulong slots = missing == 0 ? kept : Filled(kept, missing);
            for (; slots != 0; slots &= slots - 1)
            {
                int index = BitOperations.TrailingZeroCount(slots);
                if (values != null)
                {
                    *values++ = (kept >> index & 1) != 0 ? dense[TPlace.Column(order, first + index)] : default;
                }

                ahead |= (ulong)(uint)index << have;
                have += bits;
                if (have >= 32)
                {
                    Unsafe.WriteUnaligned(indices, (uint)ahead);
                    indices += sizeof(uint);
                    ahead >>= 32;
                    have -= 32;
                }
            }
        }

        for (; have > 0; have -= 8)
        {
            *indices++ = (byte)ahead;
            ahead >>= 8;
        }

        return -1;
    }

    private static ulong Filled(ulong kept, int missing)
    {
        for (; missing > 0; missing--)
        {
            // The lowest zero bit.
            kept |= ~kept & (kept + 1);
        }

        return kept;
    }

    private interface IPlace
    {
        static abstract int Column(int* order, int position);
    }

    private readonly struct InPlace : IPlace
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Column(int* order, int position) => position;
    }

    private readonly struct Ordered : IPlace
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Column(int* order, int position) => order[position];
    }
}
