using System.Numerics;
using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Packing;

// A row of the packed matrix is a row of W. For each block of positions the 16 rows of the tile are done one after the other, so that the
// block's part of the tile stays in first-level cache. A slot is filled without a branch: masks of few kept weights would mispredict.

/// <summary>Packs one tile of 16 rows of W.</summary>
internal unsafe struct PackAlongRows<TPattern> : IRangeBody
    where TPattern : struct, INMPattern
{
    public float* Weight;
    public ulong* Words;
    public int WordsPerRow;
    public PackedMatrix Destination;

    public readonly void Invoke(int index)
    {
        PackedMatrix matrix = Destination;
        int firstRow = index * PackedMatrix.TileRows;
        for (int group = 0; group < matrix.Groups; group += matrix.GroupsPerBlock)
        {
            int end = Math.Min(group + matrix.GroupsPerBlock, matrix.Groups);
            nint entry = matrix.EntryOf(index, group * TPattern.N);
            for (int lane = 0; lane < PackedMatrix.TileRows; lane++)
            {
                int row = firstRow + lane;
                if (row < matrix.Rows)
                {
                    Row(row, group, end, matrix.Values + entry + lane, matrix.Indices + entry + lane);
                }
                else
                {
                    Blank((end - group) * TPattern.N, matrix.Values + entry + lane, matrix.Indices + entry + lane);
                }
            }
        }
    }

    private readonly void Row(int row, int group, int end, float* values, byte* indices)
    {
        float* weights = Weight + ((nint)row * Destination.Columns);
        ulong* words = Words + ((nint)row * WordsPerRow);
        int columns = Destination.Columns;
        for (int position = 0; group < end; group++, position += TPattern.M)
        {
            int column = group * TPattern.M;
            uint kept = GroupBits(words, column, Math.Min(TPattern.M, columns - column));
            for (int n = 0; n < TPattern.N; n++)
            {
                // An empty slot points at the group's first position.
                uint any = kept == 0 ? 0u : ~0u;
                int offset = BitOperations.TrailingZeroCount(kept) & (int)any;
                *values = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(weights[column + offset]) & any);
                *indices = (byte)(position + offset);
                kept &= kept - 1;
                values += PackedMatrix.TileRows;
                indices += PackedMatrix.TileRows;
            }

            if (kept != 0)
            {
                throw Packer.TooManyKept(Destination.Pattern, row, group);
            }
        }
    }

    private static void Blank(int slots, float* values, byte* indices)
    {
        for (int slot = 0; slot < slots; slot++)
        {
            values[slot * PackedMatrix.TileRows] = 0;
            indices[slot * PackedMatrix.TileRows] = (byte)(slot / TPattern.N * TPattern.M);
        }
    }

    /// <summary>Bits [column, column + length) of a row; length is at most 32.</summary>
    private static uint GroupBits(ulong* words, int column, int length)
    {
        int shift = column & 63;
        ulong bits = words[column >> 6] >> shift;
        if (64 % TPattern.M != 0 && shift + length > 64)
        {
            bits |= words[(column >> 6) + 1] << (64 - shift);
        }

        return (uint)(bits & ((1ul << length) - 1));
    }
}
