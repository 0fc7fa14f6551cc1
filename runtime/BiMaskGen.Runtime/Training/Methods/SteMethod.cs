namespace BiMaskGen.Training.Methods;

/// <summary>The straight-through estimator: nothing but W⊙Mf.</summary>
internal sealed class SteMethod(SparseLayerOptions options) : TrainingMethod(options);
