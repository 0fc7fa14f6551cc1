using BiMaskGen.Checkpoints;

namespace BiMaskGen.Sparsify;

/// <summary>A tensor of a checkpoint that was pruned and packed.</summary>
/// <param name="Info">What it is.</param>
/// <param name="Kept">What is left of it.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record SparsifiedTensor(PackedLayerInfo Info, KeptShares Kept, TimeSpan Elapsed);
