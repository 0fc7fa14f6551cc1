using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Packing;

// A row of the packed matrix is a column of W, its contraction runs over the rows of W in the order of the permutation. The 16 rows of a
// tile are 16 adjacent columns: 16 bits of one mask word and one cache line of each row of W. For each row of W in the group, each slot
// takes the kept lanes in which it is the first free one; "filled" of a slot is a bit set over the 16 lanes, so a lane costs nothing by
// itself, and values and indices are selected in vectors.

/// <summary>Packs one tile of 16 columns of W.</summary>
internal unsafe struct PackAlongColumns<TPattern, TLanes, TVec> : IRangeBody
    where TPattern : struct, INMPattern
    where TLanes : struct, ILanes<TVec>
    where TVec : unmanaged
{
    public PackAlongColumnsCall<TPattern> Call;

    public readonly void Invoke(int index)
    {
        PackedMatrix matrix = Call.Destination;
        int firstColumn = index * PackedMatrix.TileRows;
        int lanes = Math.Min(PackedMatrix.TileRows, Call.InFeatures - firstColumn);
        ulong* words = Call.Words + (firstColumn >> 6);
        int shift = firstColumn & 63;
        uint* filled = stackalloc uint[TPattern.N];
        for (int group = 0; group < matrix.Groups; group++)
        {
            nint entry = matrix.EntryOf(index, group * TPattern.N);
            float* values = matrix.Values + entry;
            byte* indices = matrix.Indices + entry;
            int inBlock = group % matrix.GroupsPerBlock * TPattern.M;
            Clear(values, indices, filled, (byte)inBlock);
            int start = group * TPattern.M;
            int length = Math.Min(TPattern.M, matrix.Columns - start);
            for (int j = 0; j < length; j++)
            {
                nint row = Call.Order == null ? start + j : Call.Order[start + j];
                float* weights = Call.Weight + (row * Call.InFeatures) + firstColumn;
                uint kept = (uint)(words[row * Call.WordsPerRow] >> shift) & ((1u << lanes) - 1);
                for (int slot = 0; kept != 0; slot++)
                {
                    if (slot == TPattern.N)
                    {
                        throw Packer.TooManyKept(matrix.Pattern, firstColumn + (int)uint.TrailingZeroCount(kept), group);
                    }

                    uint taken = kept & ~filled[slot];
                    kept &= filled[slot];
                    filled[slot] |= taken;
                    SelectValues(taken, weights, lanes, values + (slot * PackedMatrix.TileRows));
                    SelectIndices(taken, (byte)(inBlock + j), indices + (slot * PackedMatrix.TileRows));
                }
            }
        }
    }

    private static void Clear(float* values, byte* indices, uint* filled, byte index)
    {
        for (int slot = 0; slot < TPattern.N; slot++)
        {
            filled[slot] = 0;
            Vector128.Create(index).Store(indices + (slot * PackedMatrix.TileRows));
            for (int lane = 0; lane < PackedMatrix.TileRows; lane += TLanes.Count)
            {
                TLanes.Store(TLanes.Create(0), values + (slot * PackedMatrix.TileRows) + lane);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SelectValues(uint taken, float* weights, int lanes, float* values)
    {
        int lane = 0;
        for (; lane <= lanes - TLanes.Count; lane += TLanes.Count)
        {
            TLanes.Store(TLanes.SelectByBits(taken >> lane, TLanes.Load(weights + lane), TLanes.Load(values + lane)), values + lane);
        }

        for (; lane < lanes; lane++)
        {
            values[lane] = Lanes32.SelectByBits(taken >> lane, weights[lane], values[lane]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SelectIndices(uint taken, byte index, byte* indices)
    {
        // Byte i holds the half of the bit set that bit i is in. A product spreads a byte: Vector64 has no instructions on x64.
        const ulong everyByte = 0x0101010101010101;
        Vector128<byte> halves = Vector128.Create((taken & 0xff) * everyByte, (taken >> 8) * everyByte).AsByte();
        Vector128<byte> bits = Vector128.Create(1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128);
        Vector128.ConditionalSelect(Vector128.Equals(halves & bits, bits), Vector128.Create(index), Vector128.Load(indices)).Store(indices);
    }
}

/// <summary>The arguments of packing along columns.</summary>
internal unsafe struct PackAlongColumnsCall<TPattern> : IWidthBody
    where TPattern : struct, INMPattern
{
    public float* Weight;
    public int InFeatures;
    public ulong* Words;
    public int WordsPerRow;

    /// <summary>Row of W at each position; null for their own order.</summary>
    public int* Order;

    public PackedMatrix Destination;
    public bool Parallel;

    public readonly void Run<TLanes, TVec>()
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged =>
        CpuPool.For(Destination.Tiles, new PackAlongColumns<TPattern, TLanes, TVec> { Call = this }, Parallel);
}
