using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Masks;
using BiMaskGen.Packing;

namespace BiMaskGen.Checkpoints;

public sealed unsafe partial class PackedLayer
{
    /// <summary>Throws if a kept value is NaN or infinite as float32, for masks and products need numbers.</summary>
    /// <exception cref="NMSparseTypeException">The layer's elements are no floats that convert.</exception>
    /// <exception cref="NMSparseValueException">There is such a value.</exception>
    internal void CheckFinite()
    {
        if (!TensorConversion.IsSupported(DType))
        {
            throw new NMSparseTypeException(Name, $"elements of {DType.Name()} do not convert to F32.");
        }

        float[] row = new float[Info.KeptPerRow];
        for (int r = 0; r < OutFeatures; r++)
        {
            TensorConversion.ToSingle(DType, ValuesOf(r), row);
            int bad = WeightCheck.FirstNonFinite(row);
            if (bad >= 0)
            {
                throw new NMSparseValueException(Name, $"the kept value {bad} of row {r} is {row[bad]}; a sparse layer needs finite weights.");
            }
        }
    }

    /// <summary>Makes the compact form that kernels multiply with: the same values and indices as float32, 32 rows side by side.</summary>
    internal PackedMatrix ToGroups()
    {
        var matrix = new PackedMatrix(Pattern, OutFeatures, InFeatures);
        matrix.SetColumnOrder(ChannelOrder);
        CpuPool.For(matrix.GroupForm.Tiles, new GroupsBody { Layer = this, Groups = matrix.GroupForm }, Info.DenseBytes > BlockElements);
        matrix.Forms = PackedForms.Groups;
        return matrix;
    }

    private ReadOnlySpan<byte> ValuesOf(int row) => _values.AsSpan(row * Info.KeptPerRow * DType.Bytes(), Info.KeptPerRow * DType.Bytes());

    private struct GroupsBody : IRangeBody
    {
        public required PackedLayer Layer;
        public required PackedGroups Groups;

        public readonly void Invoke(int tile)
        {
            PackedLayerInfo info = Layer.Info;
            float[] values = new float[info.KeptPerRow];
            int first = tile * PackedGroups.TileRows, last = Math.Min(first + PackedGroups.TileRows, info.OutFeatures);
            for (int row = first; row < last; row++)
            {
                TensorConversion.ToSingle(info.DType, Layer.ValuesOf(row), values);
                var indices = new IndexStream(Layer.IndicesOf(row), info.IndexBits);
                for (int i = 0; i < values.Length; i++)
                {
                    int group = i / info.Pattern.N, n = i % info.Pattern.N;
                    (int word, int shift) = Groups.FieldOf(group, n);
                    Groups.Values[Groups.ValueOf(tile, i) + (row - first)] = values[i];
                    Groups.Words[Groups.WordOf(tile, word) + (row - first)] |= (uint)indices.Next() << shift;
                }
            }
        }
    }
}
