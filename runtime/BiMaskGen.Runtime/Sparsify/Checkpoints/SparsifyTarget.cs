namespace BiMaskGen.Sparsify;

/// <summary>A tensor of a checkpoint that is to become sparse.</summary>
/// <param name="Key">Its key, "blocks.0.fc1.weight".</param>
/// <param name="Pattern">N:M along in_features.</param>
/// <param name="Method">The training method that the masks belong to.</param>
public sealed record SparsifyTarget(string Key, NMPattern Pattern, SparseMethod Method = SparseMethod.BiMask);
