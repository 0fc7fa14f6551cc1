using BiMaskGen.Checkpoints;
using BiMaskGen.Masks;
using BiMaskGen.Runtime.Tests.Support;

namespace BiMaskGen.Runtime.Tests.Checkpoints;

/// <summary>A dense tensor of random bits, a random N:M mask over it, and what is left of it under the mask.</summary>
internal sealed class PackedCase
{
    private PackedCase(PackedLayerInfo info, byte[] dense, NMMask mask, int[] rows, int[] channels)
    {
        Info = info;
        Dense = dense;
        Mask = mask;
        RowPermutation = rows;
        ChannelOrder = channels;
        int size = info.DType.Bytes();
        Masked = new byte[dense.Length];
        for (int i = 0; i < dense.Length; i++)
        {
            int element = i / size;
            Masked[i] = mask[element / info.InFeatures, element % info.InFeatures] ? dense[i] : (byte)0;
        }
    }

    public PackedLayerInfo Info { get; }

    public byte[] Dense { get; }

    public byte[] Masked { get; }

    public NMMask Mask { get; }

    public int[] RowPermutation { get; }

    public int[] ChannelOrder { get; }

    /// <summary>Makes a case. Unless it is full, some groups keep fewer than they may, or none.</summary>
    public static PackedCase Make(
        NMPattern pattern, DType dtype, int rows, int columns, int seed, bool permuted = true, bool ordered = false, bool full = true, string name = "fc.weight")
    {
        var random = new Random(seed);
        int[] order = ordered ? TestWeights.Permutation(columns, seed) : [];
        var mask = new NMMask(rows, columns);
        for (int row = 0; row < rows; row++)
        {
            for (int first = 0; first < columns; first += pattern.M)
            {
                int[] members = [.. Enumerable.Range(first, Math.Min(pattern.M, columns - first))];
                random.Shuffle(members);
                int kept = Math.Min(pattern.N, members.Length);
                foreach (int position in members.Take(full ? kept : random.Next(kept + 1)))
                {
                    mask.Set(row, ordered ? order[position] : position);
                }
            }
        }

        var info = new PackedLayerInfo
        {
            Name = name,
            DType = dtype,
            OutFeatures = rows,
            InFeatures = columns,
            Pattern = pattern,
            HasRowPermutation = permuted,
            HasChannelOrder = ordered,
        };
        return new PackedCase(info, Bits(random, rows * columns, dtype.Bytes()), mask, permuted ? TestWeights.Permutation(rows, seed + 1) : [], order);
    }

    public PackedLayer Pack() => PackedLayer.Pack(Info, Dense, Mask, RowPermutation, ChannelOrder);

    // Random bits, among them many zeros of both signs.
    private static byte[] Bits(Random random, int elements, int size)
    {
        byte[] bytes = new byte[elements * size];
        random.NextBytes(bytes);
        for (int element = 0; element < elements; element++)
        {
            int kind = random.Next(8);
            if (kind < 2)
            {
                bytes.AsSpan(element * size, size).Clear();
                bytes[(element * size) + size - 1] = kind == 0 ? (byte)0x80 : (byte)0;
            }
        }

        return bytes;
    }
}
