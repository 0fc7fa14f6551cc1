namespace BiMaskGen.Training;

/// <content>The decay of pruned weights: in the gradient, or decoupled from it.</content>
public abstract partial class SparseLinear
{
    private bool Decouples => Options.DecoupledDecay && _method.Decay > 0;

    /// <summary>
    /// λ times the loss scale in the first backward after a change of the weights, else 0; 0 too for a method without decay and where the decay
    /// is decoupled.
    /// </summary>
    /// <returns>The factor of (1 − Mf) ⊙ W in dW.</returns>
    public double TakeDecay()
    {
        lock (_gate)
        {
            if (Decouples)
            {
                _clock.OnBackward();
                return 0;
            }

            return _clock.TakeDecay() ? _method.Decay * LossScale : 0;
        }
    }

    /// <summary>
    /// What the decoupled decay multiplies W by after an optimizer's step: 1 − learningRate·λ where the next forward prunes, 1 elsewhere.
    /// <see cref="OnDecayed"/> has to follow.
    /// </summary>
    /// <param name="weight">W, [out_features, in_features].</param>
    /// <param name="learningRate">Of the step.</param>
    /// <param name="factor">Same shape, written.</param>
    /// <returns>The fingerprint of W, for <see cref="OnDecayed"/>.</returns>
    /// <exception cref="NMSparseReleasedException">The dense weight was released.</exception>
    public ulong WriteDecay(MatrixView weight, double learningRate, MatrixView factor)
    {
        CheckView(weight, OutFeatures, InFeatures, "weight");
        CheckView(factor, OutFeatures, InFeatures, "decay factor");
        lock (_gate)
        {
            LinearWeights weights = Refresh(weight, training: false, wantsBackward: false);
            LinearWeights.WriteFactor(weights.Forward, (float)(1 - (learningRate * _method.Decay)), factor);
            return weights.Fingerprint;
        }
    }

    /// <summary>Tells the clock that W was multiplied by what <see cref="WriteDecay"/> wrote.</summary>
    /// <param name="before">What <see cref="WriteDecay"/> returned.</param>
    /// <param name="weight">W now.</param>
    public void OnDecayed(ulong before, MatrixView weight)
    {
        ulong after = WeightFingerprint.Of(weight.Span);
        lock (_gate)
        {
            _clock.OnDecayed(before, after);
        }
    }

    /// <summary>A decay that never happens would go unnoticed: so a step without it is an error at the next one.</summary>
    private void RefuseForgottenDecay(ulong fingerprint)
    {
        if (Decouples && _clock.DecayPending && _clock.StepOf(fingerprint) > _clock.Step)
        {
            throw new NMSparseException(
                $"{Name}: DecoupledDecay = true, but model.DecayPruned(learningRate) was not called after the step that changed the weights (step {_clock.Step}). Call it after each optimizer.step(), or drop DecoupledDecay.");
        }
    }
}
