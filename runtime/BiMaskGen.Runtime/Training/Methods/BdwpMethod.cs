using BiMaskGen.Masks;

namespace BiMaskGen.Training.Methods;

/// <summary>BDWP: backward's mask is top(N, M, along out_features) of |W|, whatever forward keeps.</summary>
internal sealed class BdwpMethod(SparseLayerOptions options) : TrainingMethod(options)
{
    private NMMask? _all;

    public override bool HasBackwardMask => true;

    public override bool RanksWholeWeight => true;

    public override void MakeBackward(ReadOnlySpan<float> weight, ReadOnlySpan<int> rowOrder, NMMask forward, NMMask backward)
    {
        if (_all is null)
        {
            _all = new NMMask(forward.Rows, forward.Columns);
            _all.Fill();
        }

        MaskPass.RunBackward(Pattern, weight, rowOrder, _all, backward);
    }
}
