using BiMaskGen.Checkpoints;
using BiMaskGen.Tool.Verbs;

namespace BiMaskGen.Tool.Inspecting;

/// <summary>What a checkpoint holds.</summary>
internal sealed record InspectResult(
    string Path,
    CheckpointFormat Format,
    long FileBytes,
    IReadOnlyDictionary<string, string> Metadata,
    IReadOnlyList<PackedResult> Layers,
    IReadOnlyList<TensorResult> Tensors);

/// <summary>A packed layer.</summary>
internal sealed record PackedResult(
    string Key,
    NMPattern Pattern,
    int OutFeatures,
    int InFeatures,
    string DType,
    SparseMethod Method,
    KeptScore Score,
    bool RowPermutation,
    bool ChannelOrder,
    long PackedBytes,
    long DenseBytes);

/// <summary>A tensor that is stored as it is.</summary>
/// <param name="Key">Its key.</param>
/// <param name="DType">Its type.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Zeros">Share of entries that are 0, if it is a matrix of numbers.</param>
/// <param name="AlongInFeatures">The strictest pattern that its rows keep to, or null.</param>
/// <param name="AlongOutFeatures">The strictest pattern that its columns keep to, or null.</param>
internal sealed record TensorResult(
    string Key, string DType, IReadOnlyList<long> Shape, long Bytes, double? Zeros, NMPattern? AlongInFeatures, NMPattern? AlongOutFeatures);
