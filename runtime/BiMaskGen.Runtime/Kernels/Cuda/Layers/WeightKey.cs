namespace BiMaskGen.Kernels.Cuda;

/// <summary>Tells one state of a tensor on a GPU from the next without reading it: every operation of torch that writes to it moves its version.</summary>
/// <param name="Pointer">Its memory.</param>
/// <param name="Version">torch's version counter.</param>
internal readonly record struct WeightKey(ulong Pointer, long Version);
