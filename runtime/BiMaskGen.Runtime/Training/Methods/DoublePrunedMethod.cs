using BiMaskGen.Masks;

namespace BiMaskGen.Training.Methods;

/// <summary>SLoPe: Mf is kept, backward prunes W⊙Mf again along out_features in their own order, dW = (gᵀx)⊙Mf.</summary>
internal sealed class DoublePrunedMethod(SparseLayerOptions options) : TrainingMethod(options)
{
    public override bool KeepsMask => true;

    public override bool HasBackwardMask => true;

    public override bool MasksGradient => true;

    public override void MakeBackward(ReadOnlySpan<float> weight, ReadOnlySpan<int> rowOrder, NMMask forward, NMMask backward) =>
        MaskPass.RunBackward(Pattern, weight, rowOrder, forward, backward);
}
