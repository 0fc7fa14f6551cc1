using BiMaskGen.Kernels.Cuda;

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
    /// <see cref="OnDecayed(ulong, MatrixView)"/> has to follow.
    /// </summary>
    /// <param name="weight">W, [out_features, in_features].</param>
    /// <param name="learningRate">Of the step.</param>
    /// <param name="factor">Same shape, written.</param>
    /// <returns>The fingerprint of W, for <see cref="OnDecayed(ulong, MatrixView)"/>.</returns>
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

    /// <summary>Tells the clock that W was multiplied by what <see cref="WriteDecay(MatrixView, double, MatrixView)"/> wrote.</summary>
    /// <param name="before">What <see cref="WriteDecay(MatrixView, double, MatrixView)"/> returned.</param>
    /// <param name="weight">W now.</param>
    public void OnDecayed(ulong before, MatrixView weight)
    {
        ulong after = WeightFingerprint.Of(weight.Span);
        lock (_gate)
        {
            _clock.OnDecayed(before, after);
        }
    }

    /// <summary>
    /// The same for a weight that trains on the CUDA kernels: what W is multiplied by, and <see cref="OnDecayed(ulong, nint)"/> has to follow.
    /// </summary>
    /// <param name="weight">W [out_features, in_features], contiguous.</param>
    /// <param name="learningRate">Of the step.</param>
    /// <param name="factor">float32, same shape, all 1; multiplied where the next forward prunes.</param>
    /// <returns>What stands for the weights, for <see cref="OnDecayed(ulong, nint)"/>; null where the layer has not run on the kernels: then the bits have to be told.</returns>
    /// <exception cref="NMSparseReleasedException">The dense weight was released.</exception>
    public ulong? WriteDecay(nint weight, double learningRate, nint factor)
    {
        lock (_gate)
        {
            RefuseReleased("DecayPruned()");
            if (_cuda is not { Key: not null } side)
            {
                return null;
            }

            CudaTensor w = side.Host.Tensors.Read(Name, "weight", weight), f = side.Host.Tensors.Read(Name, "decay factor", factor);
            CheckTensor(w, OutFeatures, InFeatures, "weight");
            CheckTensor(f, OutFeatures, InFeatures, "decay factor");
            nint stream = side.Host.Tensors.CurrentStream(w.Device);
            ulong fingerprint = side.Identify(new(w.Pointer, side.Host.Tensors.Version(weight)), null);
            OperandForm form = RefreshOnCuda(side, w, fingerprint, training: false, stream);
            if (!form.IsDense)
            {
                side.Scale(form, w, f, (float)(1 - (learningRate * _method.Decay)), stream);
            }

            return fingerprint;
        }
    }

    /// <summary>Tells the clock that W on a GPU was multiplied by what <see cref="WriteDecay(nint, double, nint)"/> wrote.</summary>
    /// <param name="before">What that returned.</param>
    /// <param name="weight">W now.</param>
    public void OnDecayed(ulong before, nint weight)
    {
        lock (_gate)
        {
            if (_cuda is { } side)
            {
                _clock.OnDecayed(before, side.Identify(KeyOf(side, weight), null));
            }
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
