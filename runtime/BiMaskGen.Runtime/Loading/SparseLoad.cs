namespace BiMaskGen;

/// <summary>What a packed checkpoint is loaded for.</summary>
public enum SparseLoad
{
    /// <summary>
    /// Packed weights go straight into the layers, without a dense copy; the model is in evaluation mode afterwards and its sparse layers are
    /// as <see cref="SparseModelExtensions.ReleaseDense(INMSparseModel)"/> leaves them.
    /// </summary>
    Inference,

    /// <summary>Weights are written dense, pruned ones as 0, and the layers go on with the row permutations of the file.</summary>
    Training,
}
