using BiMaskGen.Masks;

namespace BiMaskGen.Training.Methods;

/// <summary>Bi-Mask: Mb = top(N, M, along permuted out_features) of |W⊙Mf| ∧ Mf, dW = gᵀx + λ(1−Mf)⊙W.</summary>
internal sealed class BiMaskMethod(SparseLayerOptions options) : TrainingMethod(options)
{
    public override bool Permutes => true;

    public override bool HasBackwardMask => true;

    public override double Decay => Options.Decay;

    public override bool MakeBoth(ReadOnlySpan<float> weight, MaskForm form, ReadOnlySpan<int> rowOrder, NMMask forward, NMMask backward) =>
        MaskPass.Run(Pattern, weight, rowOrder, forward, backward);

    public override void MakeBackward(ReadOnlySpan<float> weight, ReadOnlySpan<int> rowOrder, NMMask forward, NMMask backward) =>
        MaskPass.RunBackward(Pattern, weight, rowOrder, forward, backward);
}
