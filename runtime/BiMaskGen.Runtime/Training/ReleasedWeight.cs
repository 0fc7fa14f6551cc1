using BiMaskGen.Checkpoints;
using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Masks;
using BiMaskGen.Packing;

namespace BiMaskGen.Training;

/// <summary>All that a layer keeps of its weight for inference: the kept weights in the compact form, which serves every batch.</summary>
/// <param name="matrix">W ⊙ Mf, packed as groups.</param>
/// <param name="kept">Entries that Mf keeps.</param>
internal abstract class ReleasedWeight(PackedMatrix matrix, long kept)
{
    /// <summary>Bytes held: 17/32 of a float32 weight at 2:4, 9/128 at 1:16, and what alignment adds.</summary>
    public long Bytes => Matrix.Bytes;

    /// <summary>Σ Mf.</summary>
    public long Kept => kept;

    protected PackedMatrix Matrix { get; } = matrix;

    /// <summary>y = act(x (W⊙Mf)ᵀ + b).</summary>
    public abstract void Multiply(MatrixView x, MatrixView y, in Epilogue epilogue);
}

/// <summary>The same for one pattern, which the JIT sees as constants.</summary>
internal sealed class ReleasedWeight<TPattern> : ReleasedWeight
    where TPattern : struct, INMPattern
{
    /// <summary>Packs what the layer computes with.</summary>
    /// <param name="values">[out_features, in_features]: W, or what a method puts in its place.</param>
    /// <param name="forward">Mf.</param>
    public ReleasedWeight(ReadOnlySpan<float> values, NMMask forward) : base(Pack(values, forward), forward.CountKept())
    {
    }

    /// <summary>Takes kept weights from a checkpoint.</summary>
    /// <param name="packed">Of the pattern.</param>
    public ReleasedWeight(PackedLayer packed) : base(packed.ToGroups(), (long)packed.OutFeatures * packed.Info.KeptPerRow)
    {
    }

    public override unsafe void Multiply(MatrixView x, MatrixView y, in Epilogue epilogue) =>
        SparseProduct.Multiply<TPattern>(x.Pointer, x.Rows, x.Columns, Matrix, y.Pointer, y.Columns, epilogue);

    private static PackedMatrix Pack(ReadOnlySpan<float> values, NMMask forward)
    {
        var matrix = new PackedMatrix(NMPattern.Of<TPattern>(), forward.Rows, forward.Columns);
        Packer.PackForward<TPattern>(values, forward.Rows, forward.Columns, forward, matrix, PackedForms.Groups);
        return matrix;
    }
}
