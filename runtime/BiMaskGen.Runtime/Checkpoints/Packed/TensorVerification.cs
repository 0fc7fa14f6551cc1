namespace BiMaskGen.Checkpoints;

/// <summary>How one tensor of a packed checkpoint compares with its source.</summary>
/// <param name="Name">The key of the dense tensor.</param>
/// <param name="IsPacked">Whether it is packed; else it is stored as it is.</param>
/// <param name="ChangedValues">Kept values that are not the source's: normal where <see cref="KeptScore.SparseGPT"/> chose them.</param>
/// <param name="Problem">What is wrong, or null.</param>
public sealed record TensorVerification(string Name, bool IsPacked, long ChangedValues, string? Problem);
