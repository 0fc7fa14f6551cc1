namespace BiMaskGen.Kernels.Cuda;

/// <summary>A draw of an unbiased sample of a gradient along the batch.</summary>
/// <param name="State">Of the generator at the first place.</param>
/// <param name="InPairs">Whether one of two is kept, else two of four.</param>
internal readonly record struct BatchSample(ulong State, bool InPairs);
