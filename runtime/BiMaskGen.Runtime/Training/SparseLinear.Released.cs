using BiMaskGen.Checkpoints;
using BiMaskGen.Kernels;
using BiMaskGen.Masks;
using BiMaskGen.Training.Methods;

namespace BiMaskGen.Training;

/// <content>Inference without the dense weight.</content>
public abstract partial class SparseLinear
{
    private volatile ReleasedWeight? _released;

    /// <inheritdoc/>
    public override bool IsReleased => _released is not null || _releasedOnCuda is not null;

    /// <summary>Throws what <see cref="Release(MatrixView)"/> would throw on this weight; changes nothing.</summary>
    /// <param name="weight">W, [out_features, in_features].</param>
    /// <exception cref="NMSparseShapeException">W has another shape than this layer.</exception>
    /// <exception cref="NMSparseValueException">W holds a NaN or an infinity.</exception>
    /// <exception cref="NMSparseException">The schedule has not come to N:M, or has left it.</exception>
    public void CheckWeight(MatrixView weight)
    {
        CheckView(weight, OutFeatures, InFeatures, "weight");
        int bad = WeightCheck.FirstNonFinite(weight.Span);
        if (bad >= 0)
        {
            throw NotFinite(weight, bad);
        }

        lock (_gate)
        {
            RefuseUnfinished(_schedule.At(_clock.StepOf(WeightFingerprint.Of(weight.Span))));
        }
    }

    /// <summary>
    /// Packs the kept weights in the compact form and forgets everything else: from now on only <see cref="ForwardReleased(MatrixView, MatrixView, MatrixView, Activation)"/> computes,
    /// without looking at W. Does nothing the second time.
    /// </summary>
    /// <param name="weight">W, [out_features, in_features]; it may be freed afterwards.</param>
    /// <exception cref="NMSparseShapeException">W has another shape than this layer.</exception>
    /// <exception cref="NMSparseValueException">W holds a NaN or an infinity.</exception>
    /// <exception cref="NMSparseException">The schedule has not come to N:M, or has left it.</exception>
    public void Release(MatrixView weight)
    {
        CheckView(weight, OutFeatures, InFeatures, "weight");
        lock (_gate)
        {
            if (!IsReleased)
            {
                LinearWeights weights = Refresh(weight, training: false, wantsBackward: false);
                RefuseUnfinished(weights.Form);
                _released = CreateReleased(weight, weights);
                ForgetDense();
            }
        }
    }

    /// <summary>Takes kept weights from a checkpoint in place of W, in the same compact form. Does nothing the second time.</summary>
    /// <param name="packed">Of this layer's shape and pattern; any floating-point type, any order of the channels.</param>
    /// <exception cref="NMSparseShapeException">It has another shape or pattern than this layer.</exception>
    public void Release(PackedLayer packed)
    {
        ArgumentNullException.ThrowIfNull(packed);
        if (packed.OutFeatures != OutFeatures || packed.InFeatures != InFeatures || packed.Pattern != Pattern)
        {
            throw new NMSparseShapeException(
                Name, $"the packed weight is {packed.Pattern} [{packed.OutFeatures}, {packed.InFeatures}], expected {Pattern} [{OutFeatures}, {InFeatures}].");
        }

        lock (_gate)
        {
            if (!IsReleased)
            {
                _released = CreateReleased(packed);
                ForgetDense();
            }
        }
    }

    /// <summary>y = act(x (W⊙Mf)ᵀ + b) on the weight as it was when it was released; any batch, any number of threads.</summary>
    /// <param name="x">[rows, in_features].</param>
    /// <param name="bias">[1, out_features], or a view of nothing.</param>
    /// <param name="y">[rows, out_features], written.</param>
    /// <param name="activation">The activation to fuse.</param>
    /// <exception cref="NMSparseShapeException">A matrix of another shape.</exception>
    /// <exception cref="InvalidOperationException">The layer still has its dense weight.</exception>
    public void ForwardReleased(MatrixView x, MatrixView bias, MatrixView y, Activation activation)
    {
        ForwardReleasedPart(x, bias, y, activation);
        if (x.Rows > 0)
        {
            EndForwardReleased();
        }
    }

    /// <summary>y of some rows of a call. <see cref="EndForwardReleased"/> follows when all rows are done.</summary>
    internal unsafe void ForwardReleasedPart(MatrixView x, MatrixView bias, MatrixView y, Activation activation)
    {
        ReleasedWeight released = _released ?? throw new InvalidOperationException($"{Name} has not been released.");
        CheckView(x, x.Rows, InFeatures, "input");
        CheckView(y, x.Rows, OutFeatures, "output");
        if (x.Rows > 0)
        {
            released.Multiply(x, y, new Epilogue(bias.Pointer, activation));
        }
    }

    /// <summary>Counts the product.</summary>
    internal void EndForwardReleased() => Interlocked.Increment(ref _forwardSparse);

    internal override void RefuseReleased(string operation)
    {
        if (IsReleased)
        {
            throw new NMSparseReleasedException(Name, operation);
        }
    }

    private void ForgetDense()
    {
        _current = null;
        Forget(_history.Pending);
        _ownOrder = _history.Permutation = null;
        _history.Mask = null;
        _history.SetMark(null, 0);
    }

    private void RefuseUnfinished(MaskForm form)
    {
        if (!form.Is(Pattern))
        {
            throw new NMSparseException(
                $"{Name}: at step {_clock.Step}{(_schedule.TotalSteps is { } total ? $" of {total}" : "")} the layer is {form}, not {Pattern}: N:M weights would compute something else. Train to the end of the schedule; of a trained model load the sparse state, or call model.SetStep(steps).");
        }
    }

    private protected abstract ReleasedWeight CreateReleased(MatrixView weight, LinearWeights weights);

    private protected abstract ReleasedWeight CreateReleased(PackedLayer packed);
}
