using BiMaskGen.Sparsify;

namespace BiMaskGen.Tool.Sparsifying;

/// <summary>What became of a checkpoint.</summary>
internal sealed record SparsifyResult(
    string Checkpoint,
    string Output,
    long DenseBytes,
    long PackedBytes,
    double Seconds,
    IReadOnlyList<LayerResult> Layers,
    int DenseTensors,
    IReadOnlyList<string> Warnings,
    string? Report);

/// <summary>What became of a layer.</summary>
internal sealed record LayerResult(
    string Key,
    string? Member,
    NMPattern Pattern,
    string DType,
    int OutFeatures,
    int InFeatures,
    long DenseBytes,
    long PackedBytes,
    double KeptMagnitude,
    double BackwardKept,
    bool Channels,
    double Seconds)
{
    public static LayerResult Of(SparsifiedTensor layer, string? member) => new(
        layer.Info.Name,
        member,
        layer.Info.Pattern,
        layer.Info.DType.ToString(),
        layer.Info.OutFeatures,
        layer.Info.InFeatures,
        layer.Info.DenseBytes,
        layer.Info.ValueBytes + layer.Info.IndexBytes,
        layer.Kept.Magnitude,
        layer.Kept.Backward,
        layer.Info.HasChannelOrder,
        layer.Elapsed.TotalSeconds);
}
