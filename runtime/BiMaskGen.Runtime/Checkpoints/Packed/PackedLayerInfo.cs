using BiMaskGen.Packing;

namespace BiMaskGen.Checkpoints;

/// <summary>A packed layer: all but its data, and the sizes that follow from it.</summary>
public sealed record PackedLayerInfo
{
    private const int ByteBits = 8;

    /// <summary>The key of the dense tensor that it stands for, "fc1.weight".</summary>
    public required string Name { get; init; }

    /// <summary>The type of the dense tensor's elements, which the kept values have too.</summary>
    public required DType DType { get; init; }

    /// <summary>Rows of the dense tensor.</summary>
    public required int OutFeatures { get; init; }

    /// <summary>Columns of the dense tensor.</summary>
    public required int InFeatures { get; init; }

    /// <summary>N:M along in_features, in the layer's channel order.</summary>
    public required NMPattern Pattern { get; init; }

    /// <summary>The training method that the masks belong to.</summary>
    public SparseMethod Method { get; init; } = SparseMethod.BiMask;

    /// <summary>By what the kept weights were chosen.</summary>
    public KeptScore Score { get; init; } = KeptScore.Magnitude;

    /// <summary>Whether a permutation of the rows is stored: the groups of the backward mask.</summary>
    public bool HasRowPermutation { get; init; }

    /// <summary>Whether an order of the columns is stored: groups are then over that order.</summary>
    public bool HasChannelOrder { get; init; }

    /// <summary>Values kept in a row.</summary>
    public int KeptPerRow => Pattern.KeptIn(InFeatures);

    /// <summary>Bits of an index, ⌈log₂ M⌉.</summary>
    public int IndexBits => PackedGroups.IndexBitsOf(Pattern.M);

    /// <summary>Bytes of a row's indices.</summary>
    public int IndexBytesPerRow => (int)((((long)KeptPerRow * IndexBits) + ByteBits - 1) / ByteBits);

    /// <summary>Bytes of all kept values.</summary>
    public long ValueBytes => (long)OutFeatures * KeptPerRow * DType.Bytes();

    /// <summary>Bytes of all indices.</summary>
    public long IndexBytes => (long)OutFeatures * IndexBytesPerRow;

    /// <summary>Bytes of the dense tensor.</summary>
    public long DenseBytes => (long)OutFeatures * InFeatures * DType.Bytes();

    /// <summary>The dense tensor.</summary>
    public TensorInfo Dense => new(Name, DType, OutFeatures, InFeatures);

    /// <summary>Weights in a group, fewer in a remainder.</summary>
    internal int MembersOf(int group) => Math.Min(Pattern.M, InFeatures - (group * Pattern.M));

    /// <summary>What makes such a layer impossible, or null.</summary>
    internal string? FindProblem()
    {
        if (!NMPattern.IsValid(Pattern.N, Pattern.M))
        {
            return $"{Pattern} is no N:M pattern with 1 <= N < M <= {NMPattern.MaxM}.";
        }

        if (OutFeatures < 1 || InFeatures < 1)
        {
            return $"[{OutFeatures}, {InFeatures}] is no weight of a layer.";
        }

        if ((long)OutFeatures * InFeatures > int.MaxValue)
        {
            return $"[{OutFeatures}, {InFeatures}] is {(long)OutFeatures * InFeatures} weights; one layer may have {int.MaxValue}: split it.";
        }

        if (!Enum.IsDefined(DType) || DType.Bytes() == 0)
        {
            return $"elements of {DType} are no whole bytes: such a tensor cannot be packed.";
        }

        if ((long)InFeatures * DType.Bytes() > int.MaxValue)
        {
            return $"a row of {InFeatures} elements of {DType.Name()} is too long to be unpacked.";
        }

        return ValueBytes > Array.MaxLength || IndexBytes > Array.MaxLength
            ? $"its {ValueBytes} bytes of kept values are more than one layer may have ({Array.MaxLength}): split the layer."
            : null;
    }
}
