using System.Security.Cryptography;
using BiMaskGen.Masks;
using BiMaskGen.Permutations;

namespace BiMaskGen.Checkpoints;

/// <summary>
/// The weight of one layer, N:M sparse: the values that its forward mask keeps, in the tensor's own type, and where they stand. Unpacked it is
/// the dense tensor with +0 in place of what was pruned, every kept value (−0 and NaN too) bit by bit.
/// </summary>
public sealed partial class PackedLayer
{
    private readonly byte[] _values;
    private readonly byte[] _indices;
    private readonly int[] _rowPermutation;
    private readonly int[] _channelOrder;
    private readonly byte[] _sourceHash;

    /// <summary>Takes the parts over; they were checked, and nobody else may change them.</summary>
    private PackedLayer(PackedLayerInfo info, byte[] values, byte[] indices, int[] rowPermutation, int[] channelOrder, byte[] sourceHash)
    {
        Info = info;
        _values = values;
        _indices = indices;
        _rowPermutation = rowPermutation;
        _channelOrder = channelOrder;
        _sourceHash = sourceHash;
    }

    /// <summary>Pattern, sizes and where the masks come from.</summary>
    public PackedLayerInfo Info { get; }

    /// <summary>The key of the dense tensor, "fc1.weight".</summary>
    public string Name => Info.Name;

    /// <summary>The type of the elements.</summary>
    public DType DType => Info.DType;

    /// <summary>Rows.</summary>
    public int OutFeatures => Info.OutFeatures;

    /// <summary>Columns.</summary>
    public int InFeatures => Info.InFeatures;

    /// <summary>N:M along in_features, in the channel order.</summary>
    public NMPattern Pattern => Info.Pattern;

    /// <summary>The kept values [out_features, <see cref="PackedLayerInfo.KeptPerRow"/>], row by row, group by group, ascending within a group.</summary>
    public ReadOnlySpan<byte> KeptValues => _values;

    /// <summary>
    /// Their places within the groups [out_features, <see cref="PackedLayerInfo.IndexBytesPerRow"/>]: fields of
    /// <see cref="PackedLayerInfo.IndexBits"/> bits, the lowest bits of a byte first, each row from a new byte on.
    /// </summary>
    public ReadOnlySpan<byte> Indices => _indices;

    /// <summary>The rows' permutation for the backward mask, permutation[r] = row at position r; empty for their own order.</summary>
    public ReadOnlySpan<int> RowPermutation => _rowPermutation;

    /// <summary>The column at each position of the groups; empty for their own order.</summary>
    public ReadOnlySpan<int> ChannelOrder => _channelOrder;

    /// <summary>SHA-256 of the dense tensor that the layer was made from.</summary>
    public ReadOnlySpan<byte> SourceHash => _sourceHash;

    /// <summary>Whether the layer and the other are the same to the bit, source and all.</summary>
    /// <param name="other">The other layer.</param>
    public bool IsSameAs(PackedLayer other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Info == other.Info
            && KeptValues.SequenceEqual(other._values)
            && Indices.SequenceEqual(other._indices)
            && RowPermutation.SequenceEqual(other._rowPermutation)
            && ChannelOrder.SequenceEqual(other._channelOrder)
            && SourceHash.SequenceEqual(other._sourceHash);
    }

    /// <summary>Takes parts that were read from a file.</summary>
    /// <returns>The layer, or what is wrong with its parts.</returns>
    internal static (PackedLayer? Layer, string? Problem) TryCreate(
        PackedLayerInfo info, byte[] values, byte[] indices, int[] rowPermutation, int[] channelOrder, byte[] sourceHash)
    {
        string? problem = info.FindProblem()
            ?? (values.Length == info.ValueBytes && indices.Length == info.IndexBytes && sourceHash.Length == SHA256.HashSizeInBytes
                ? null : $"{values.Length} bytes of values and {indices.Length} of indices, {info.ValueBytes} and {info.IndexBytes} were expected.")
            ?? PermutationProblem(rowPermutation, info.OutFeatures, info.HasRowPermutation, "row permutation")
            ?? PermutationProblem(channelOrder, info.InFeatures, info.HasChannelOrder, "channel order")
            ?? IndexProblem(info, indices);
        return problem is null
            ? (new PackedLayer(info, values, indices, rowPermutation, channelOrder, sourceHash), null)
            : (null, problem);
    }

    private static string? PermutationProblem(ReadOnlySpan<int> permutation, int length, bool present, string what)
    {
        if (!present)
        {
            return permutation.IsEmpty ? null : $"it has a {what} that it should not have.";
        }

        return permutation.Length == length && BiMaskGen.Permutations.RowPermutation.IsPermutation(permutation)
            ? null
            : $"its {what} of {permutation.Length} entries is no permutation of {length}.";
    }

    private static string? IndexProblem(PackedLayerInfo info, byte[] indices)
    {
        for (int row = 0; row < info.OutFeatures; row++)
        {
            if (RowReader.FindProblem(info, indices.AsSpan(row * info.IndexBytesPerRow, info.IndexBytesPerRow)) is { } problem)
            {
                return $"row {row}: {problem}";
            }
        }

        return null;
    }
}
