namespace BiMaskGen.Checkpoints;

/// <summary>A tensor and where its data begins in its file.</summary>
internal readonly record struct TensorPlace(TensorInfo Info, long Offset);
