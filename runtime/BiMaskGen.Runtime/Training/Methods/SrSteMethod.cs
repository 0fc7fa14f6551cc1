namespace BiMaskGen.Training.Methods;

/// <summary>SR-STE: dW = gᵀx + λ(1−Mf)⊙W.</summary>
internal sealed class SrSteMethod(SparseLayerOptions options) : TrainingMethod(options)
{
    public override double Decay => Options.Decay;
}
