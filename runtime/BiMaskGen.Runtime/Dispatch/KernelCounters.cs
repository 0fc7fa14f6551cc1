namespace BiMaskGen;

/// <summary>How often each kernel computed each product of a layer: the proof that calls were redirected.</summary>
/// <param name="ForwardSparse">y on packed weights.</param>
/// <param name="ForwardDense">y on masked dense weights.</param>
/// <param name="InputGradientSparse">dX on packed weights.</param>
/// <param name="InputGradientDense">dX on masked dense weights.</param>
/// <param name="WeightGradient">dW, a dense product but where the layer samples its gradient.</param>
public readonly record struct KernelCounters(
    long ForwardSparse, long ForwardDense, long InputGradientSparse, long InputGradientDense, long WeightGradient);
