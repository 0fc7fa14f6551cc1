using BiMaskGen.Masks;

namespace BiMaskGen.Training.Methods;

/// <summary>One mask Mt, at most N:M along both axes of every block, kept between refreshes; dW = gᵀx + λ(1−Mt)⊙W.</summary>
internal sealed class TransposableMethod(SparseLayerOptions options) : TrainingMethod(options)
{
    public override bool KeepsMask => true;

    public override bool PacksBackward => true;

    public override double Decay => Options.Decay;

    public override bool MakeForward(ReadOnlySpan<float> weight, MaskForm form, NMMask forward) =>
        TransposableMask.Run(Pattern, weight, forward);
}
