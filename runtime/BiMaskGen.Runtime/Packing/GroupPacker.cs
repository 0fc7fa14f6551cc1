using System.Numerics;
using System.Runtime.InteropServices;
using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Masks;

namespace BiMaskGen.Packing;

/// <summary>Fills <see cref="PackedGroups"/> from a weight and its mask, tile by tile over the threads.</summary>
internal static unsafe class GroupPacker
{
    /// <summary>Packs W ⊙ mask: rows are rows of W, groups run along them in the given order.</summary>
    internal static void Rows<TPattern>(float* weight, NMMask mask, ReadOnlySpan<int> order, PackedGroups destination, bool parallel)
        where TPattern : struct, INMPattern
    {
        fixed (ulong* words = mask.Words)
        fixed (int* column = order)
        {
            RowsBody<TPattern> body = new() { Weight = weight, Words = words, Mask = mask, Order = column, Destination = destination };
            CpuPool.For(destination.Tiles, body, parallel);
        }
    }

    /// <summary>Packs (W ⊙ mask)ᵀ: rows are columns of W, groups run along the rows of W in the given order.</summary>
    internal static void Columns<TPattern>(float* weight, NMMask mask, ReadOnlySpan<int> order, PackedGroups destination, bool parallel)
        where TPattern : struct, INMPattern
    {
        fixed (ulong* words = mask.Words)
        fixed (int* row = order)
        {
            ColumnsBody<TPattern> body = new() { Weight = weight, Words = words, Mask = mask, Order = row, Destination = destination };
            CpuPool.For(destination.Tiles, body, parallel);
        }
    }

    private static ArgumentException TooManyKept(NMPattern pattern, int row, int group) =>
        new($"The mask is not {pattern}: group {group} of row {row} of the packed matrix keeps more than {pattern.N}.");

    private static void Clear(PackedGroups destination, int tile)
    {
        NativeMemory.Clear(destination.Values + destination.ValueOf(tile, 0), (nuint)destination.SlotsPerRow * PackedGroups.TileRows * sizeof(float));
        NativeMemory.Clear(destination.Words + destination.WordOf(tile, 0), (nuint)destination.WordsPerRow * PackedGroups.TileRows * sizeof(uint));
    }

    private struct RowsBody<TPattern> : IRangeBody
        where TPattern : struct, INMPattern
    {
        public float* Weight;
        public ulong* Words;
        public NMMask Mask;

        /// <summary>Column of W at each position; null for their own order.</summary>
        public int* Order;

        public PackedGroups Destination;

        public readonly void Invoke(int tile)
        {
            Clear(Destination, tile);
            int first = tile * PackedGroups.TileRows;
            int rows = Math.Min(PackedGroups.TileRows, Mask.Rows - first);
            float* gathered = stackalloc float[TPattern.M];
            for (int group = 0; group < Destination.Groups; group++)
            {
                int column = group * TPattern.M;
                int length = Math.Min(TPattern.M, Mask.Columns - column);
                float* values = Destination.Values + Destination.ValueOf(tile, group * TPattern.N);
                (int word, int shift) = Destination.FieldOf(group, 0);
                uint* words = Destination.Words + Destination.WordOf(tile, word);
                for (int lane = 0; lane < rows; lane++)
                {
                    nint row = first + lane;
                    ulong* mask = Words + (row * Mask.WordsPerRow);
                    float* weights = Weight + (row * Mask.Columns);
                    if (Order == null)
                    {
                        Pack(weights + column, (uint)MaskBits.Read(mask, column, length), tile, group, lane, values, words, shift);
                    }
                    else
                    {
                        uint kept = Gather(weights, mask, Order + column, length, gathered);
                        Pack(gathered, kept, tile, group, lane, values, words, shift);
                    }
                }
            }
        }

        private static uint Gather(float* weights, ulong* mask, int* columns, int length, float* gathered)
        {
            uint kept = 0;
            for (int i = 0; i < length; i++)
            {
                int column = columns[i];
                gathered[i] = weights[column];
                kept |= (uint)(mask[column >> 6] >> (column & 63) & 1) << i;
            }

            return kept;
        }

        private readonly void Pack(float* weights, uint kept, int tile, int group, int lane, float* values, uint* words, int shift)
        {
            for (int n = 0; kept != 0; n++)
            {
                if (n == TPattern.N)
                {
                    throw TooManyKept(Destination.Pattern, (tile * PackedGroups.TileRows) + lane, group);
                }

                int index = BitOperations.TrailingZeroCount(kept);
                kept &= kept - 1;
                values[(n * PackedGroups.TileRows) + lane] = weights[index];
                if (PackedGroups.GroupsPerWordOf<TPattern>() > 0)
                {
                    words[lane] |= (uint)index << (shift + (n * PackedGroups.IndexBitsOf(TPattern.M)));
                }
                else
                {
                    (int word, int up) = Destination.FieldOf(group, n);
                    Destination.Words[Destination.WordOf(tile, word) + lane] |= (uint)index << up;
                }
            }
        }
    }

    // The 32 rows of a tile are 32 adjacent columns: half a word of the mask and two cache lines of each row of W. For each row of W in the
    // group, each slot takes the kept lanes in which it is the first free one.
    private struct ColumnsBody<TPattern> : IRangeBody
        where TPattern : struct, INMPattern
    {
        public float* Weight;
        public ulong* Words;
        public NMMask Mask;

        /// <summary>Row of W at each position; null for their own order.</summary>
        public int* Order;

        public PackedGroups Destination;

        public readonly void Invoke(int tile)
        {
            Clear(Destination, tile);
            int first = tile * PackedGroups.TileRows;
            int lanes = Math.Min(PackedGroups.TileRows, Mask.Columns - first);
            uint exist = lanes == PackedGroups.TileRows ? ~0u : (1u << lanes) - 1;
            uint* filled = stackalloc uint[TPattern.N];
            for (int group = 0; group < Destination.Groups; group++)
            {
                new Span<uint>(filled, TPattern.N).Clear();
                int start = group * TPattern.M;
                int length = Math.Min(TPattern.M, Mask.Rows - start);
                for (int j = 0; j < length; j++)
                {
                    nint row = Order == null ? start + j : Order[start + j];
                    uint kept = (uint)(Words[(row * Mask.WordsPerRow) + (first >> 6)] >> (first & 63)) & exist;
                    for (int n = 0; kept != 0; n++)
                    {
                        if (n == TPattern.N)
                        {
                            throw TooManyKept(Destination.Pattern, first + BitOperations.TrailingZeroCount(kept), group);
                        }

                        uint taken = kept & ~filled[n];
                        kept &= filled[n];
                        filled[n] |= taken;
                        Fill(tile, group, n, (uint)j, taken, Weight + (row * Mask.Columns) + first);
                    }
                }
            }
        }

        private readonly void Fill(int tile, int group, int n, uint index, uint lanes, float* weights)
        {
            float* values = Destination.Values + Destination.ValueOf(tile, (group * TPattern.N) + n);
            (int word, int shift) = Destination.FieldOf(group, n);
            uint* words = Destination.Words + Destination.WordOf(tile, word);
            for (; lanes != 0; lanes &= lanes - 1)
            {
                int lane = BitOperations.TrailingZeroCount(lanes);
                values[lane] = weights[lane];
                words[lane] |= index << shift;
            }
        }
    }
}
