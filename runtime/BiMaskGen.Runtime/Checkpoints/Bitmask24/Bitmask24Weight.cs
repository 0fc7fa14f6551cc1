using System.Numerics;
using System.Runtime.InteropServices;
using BiMaskGen.Masks;

namespace BiMaskGen.Checkpoints;

/// <summary>One weight in the sparse-24-bitmask layout.</summary>
/// <param name="Prefix">Its key without ".weight".</param>
/// <param name="Layer">The weight as a packed 2:4 layer.</param>
internal sealed record Bitmask24Weight(string Prefix, PackedLayerInfo Layer)
{
    private const int GroupColumns = 4;
    private const int ByteBits = 8;

    private int MaskBytes => (Layer.InFeatures + ByteBits - 1) / ByteBits;

    /// <summary>The tensors that it is stored as.</summary>
    public IEnumerable<TensorInfo> Parts =>
    [
        new(Bitmask24Keys.Shape(Prefix), DType.I64, 2, 1),
        new(Bitmask24Keys.Compressed(Prefix), Layer.DType, Layer.OutFeatures, Layer.KeptPerRow),
        new(Bitmask24Keys.Bitmask(Prefix), DType.U8, Layer.OutFeatures, MaskBytes),
    ];

    /// <summary>The weight that a packed layer becomes.</summary>
    /// <exception cref="NMSparseCheckpointException">The layout cannot hold it.</exception>
    public static Bitmask24Weight Of(PackedLayerInfo layer, string path)
    {
        if (!layer.Name.EndsWith(Bitmask24Keys.WeightEnding, StringComparison.Ordinal))
        {
            throw new NMSparseCheckpointException(path, layer.Name, $"sparse-24-bitmask holds only tensors whose key ends in '{Bitmask24Keys.WeightEnding}'.");
        }

        return Checked(layer.Name[..^Bitmask24Keys.WeightEnding.Length], path, layer.Name, layer.OutFeatures, layer.InFeatures, layer.DType);
    }

    /// <summary>The weight that a file in this layout holds under a prefix.</summary>
    /// <exception cref="NMSparseCheckpointException">A part is missing or does not fit.</exception>
    public static Bitmask24Weight Of(string prefix, TensorFile file)
    {
        TensorInfo shape = file[Bitmask24Keys.Shape(prefix)], compressed = file[Bitmask24Keys.Compressed(prefix)];
        if (!shape.Is(DType.I64, 2, 1))
        {
            throw new NMSparseCheckpointException(file.Path, shape.Name, $"it is {shape.Kind}, I64 [2, 1] was expected.");
        }

        ReadOnlySpan<long> sizes = file.View(shape.Name).AsSpan<long>();
        Bitmask24Weight weight = Checked(prefix, file.Path, shape.Name, sizes[0], sizes[1], compressed.DType);
        foreach (TensorInfo part in weight.Parts)
        {
            TensorInfo stored = file[part.Name];
            if (!stored.Is(part.DType, part.Shape.AsSpan()))
            {
                throw new NMSparseCheckpointException(file.Path, part.Name, $"it is {stored.Kind}; the weight [{sizes[0]}, {sizes[1]}] needs {part.Kind}.");
            }
        }

        return weight;
    }

    /// <summary>Reads the weight.</summary>
    /// <exception cref="NMSparseCheckpointException">A group of four does not keep exactly two.</exception>
    public PackedLayer Read(TensorFile file)
    {
        var mask = new NMMask(Layer.OutFeatures, Layer.InFeatures);
        ReadOnlySpan<byte> bits = file.View(Bitmask24Keys.Bitmask(Prefix)).AsSpan();
        for (int row = 0; row < Layer.OutFeatures; row++)
        {
            Span<byte> maskRow = MemoryMarshal.AsBytes(mask.Row(row));
            bits.Slice(row * MaskBytes, MaskBytes).CopyTo(maskRow);
            if ((Layer.InFeatures % ByteBits) != 0 && maskRow[MaskBytes - 1] >> (Layer.InFeatures % ByteBits) != 0)
            {
                throw new NMSparseCheckpointException(file.Path, Bitmask24Keys.Bitmask(Prefix), $"row {row} has bits behind its {Layer.InFeatures} columns.");
            }

            if (FindGroup(maskRow, fewest: Layer.Pattern.N) is { } group)
            {
                throw new NMSparseCheckpointException(
                    file.Path, Bitmask24Keys.Bitmask(Prefix), $"{Place(row, group)} keep {KeptIn(maskRow, group)}, exactly 2 were expected.");
            }
        }

        return PackedLayer.FromKept(Layer, file.View(Bitmask24Keys.Compressed(Prefix)), mask);
    }

    /// <summary>Writes a layer in this layout.</summary>
    /// <exception cref="NMSparseCheckpointException">Four columns in their own order keep more than two.</exception>
    public void Write(PackedLayer layer, string path, SafeTensorsWriter writer)
    {
        NMMask mask = layer.MakeForwardMask();
        for (int row = 0; row < layer.OutFeatures; row++)
        {
            ReadOnlySpan<byte> maskRow = MemoryMarshal.AsBytes(mask.Row(row));
            if (FindGroup(maskRow, fewest: 0) is { } group)
            {
                string order = layer.Info.HasChannelOrder ? " in a channel order" : "";
                throw new NMSparseCheckpointException(
                    path, layer.Name, $"{Place(row, group)} keep {KeptIn(maskRow, group)}: a {layer.Pattern} layer{order} is no 2:4 one.");
            }
        }

        // Another pattern within 2:4, or another order of the columns, is packed anew; groups with fewer than two get zeros.
        if (layer.Pattern != Layer.Pattern || layer.Info.HasChannelOrder)
        {
            if (layer.Info.DenseBytes > Array.MaxLength)
            {
                throw new NMSparseCheckpointException(
                    path, layer.Name, $"its {layer.Info.DenseBytes} dense bytes are too many to be packed anew as 2:4 ({Array.MaxLength}): split the layer.");
            }

            byte[] dense = new byte[layer.Info.DenseBytes];
            layer.Unpack(dense);
            layer = PackedLayer.Pack(Layer, dense, mask);
            mask = layer.MakeForwardMask();
        }

        writer.Write(Bitmask24Keys.Shape(Prefix), MemoryMarshal.AsBytes<long>([layer.OutFeatures, layer.InFeatures]));
        writer.Write(Bitmask24Keys.Compressed(Prefix), layer.KeptValues);
        byte[] bits = new byte[layer.OutFeatures * MaskBytes];
        for (int row = 0; row < layer.OutFeatures; row++)
        {
            MemoryMarshal.AsBytes(mask.Row(row))[..MaskBytes].CopyTo(bits.AsSpan(row * MaskBytes));
        }

        writer.Write(Bitmask24Keys.Bitmask(Prefix), bits);
    }

    private static Bitmask24Weight Checked(string prefix, string path, string key, long rows, long columns, DType dtype)
    {
        // Groups run over the flat tensor in this layout: with other widths they would straddle rows.
        if (rows < 1 || columns < 1 || rows > int.MaxValue || columns > int.MaxValue || columns % GroupColumns != 0)
        {
            throw new NMSparseCheckpointException(
                path, key, $"[{rows}, {columns}] does not fit sparse-24-bitmask: the columns must be a multiple of {GroupColumns}.");
        }

        var layer = new PackedLayerInfo
        {
            Name = prefix + Bitmask24Keys.WeightEnding,
            DType = dtype,
            OutFeatures = (int)rows,
            InFeatures = (int)columns,
            Pattern = new NMPattern(2, GroupColumns),
            Score = KeptScore.Given,
        };
        return layer.FindProblem() is { } problem ? throw new NMSparseCheckpointException(path, key, problem) : new Bitmask24Weight(prefix, layer);
    }

    private static string Place(int row, int group) => $"columns {group * GroupColumns} to {((group + 1) * GroupColumns) - 1} of row {row}";

    private static int KeptIn(ReadOnlySpan<byte> mask, int group) =>
        BitOperations.PopCount((uint)(mask[group / 2] >> (group % 2 * GroupColumns)) & 0xF);

    /// <summary>The first group of a row that keeps fewer, or more than two.</summary>
    private int? FindGroup(ReadOnlySpan<byte> mask, int fewest)
    {
        for (int group = 0; group < Layer.InFeatures / GroupColumns; group++)
        {
            if (KeptIn(mask, group) is var kept && (kept < fewest || kept > Layer.Pattern.N))
            {
                return group;
            }
        }

        return null;
    }
}
