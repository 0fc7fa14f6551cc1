using BiMaskGen.Training.Methods;

namespace BiMaskGen.Training;

/// <content>Masks written into the weight, for programs that know none.</content>
public abstract partial class SparseLinear
{
    /// <summary>
    /// What W has to be multiplied by to become what forward multiplies: Mf, or β·S(W)/W of a method that transforms W.
    /// <see cref="OnMasked"/> has to follow.
    /// </summary>
    /// <param name="weight">W, [out_features, in_features].</param>
    /// <param name="factor">Same shape, written.</param>
    /// <returns>The fingerprint of W, for <see cref="OnMasked"/>.</returns>
    /// <exception cref="NMSparseReleasedException">The dense weight was released.</exception>
    /// <exception cref="NMSparseException">The schedule has not come to N:M, or has left it.</exception>
    /// <exception cref="NMSparseValueException">W holds a NaN or an infinity.</exception>
    public ulong WriteMask(MatrixView weight, MatrixView factor)
    {
        CheckView(weight, OutFeatures, InFeatures, "weight");
        CheckView(factor, OutFeatures, InFeatures, "mask factor");
        lock (_gate)
        {
            LinearWeights weights = Refresh(weight, training: false, wantsBackward: false);
            RefuseUnfinished(weights.Form);
            weights.WriteForwardFactor(weight, factor);
            return weights.Fingerprint;
        }
    }

    /// <summary>Tells the layer that W was multiplied by what <see cref="WriteMask"/> wrote: that is no training step, and forward stays what it was.</summary>
    /// <param name="before">What <see cref="WriteMask"/> returned.</param>
    /// <param name="weight">W now.</param>
    public void OnMasked(ulong before, MatrixView weight)
    {
        ulong after = WeightFingerprint.Of(weight.Span);
        lock (_gate)
        {
            _clock.OnRewritten(before, after);

            // S(β·S(W)) = β·S(W), for the second smallest of four is 0 by now: another β would shrink or stretch it.
            _history.Scale = _method is IWeightTransform ? 1 : _history.Scale;
        }
    }
}
