using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Masks;
using BiMaskGen.Training.Methods;

namespace BiMaskGen.Training;

/// <content>What method, schedule and history make of a weight on a GPU; all of it under the lock.</content>
public abstract partial class SparseLinear
{
    // What the last forward there went through, for reports.
    private MaskForm _cudaForm;

    // As Refresh on the CPU: an evaluation after the optimizer's step sees what the next training forward will see.
    private OperandForm RefreshOnCuda(LayerOnCuda side, in CudaTensor weight, ulong fingerprint, bool training, nint stream)
    {
        if (training)
        {
            RefuseForgottenDecay(fingerprint);
        }

        long step = _clock.StepOf(fingerprint);
        MaskForm form = _schedule.At(step);
        bool loaded = _clock.IsLoad(fingerprint), refreshes = training && !form.IsDense && NeedsMask(step, loaded);
        OperandForm operands = OperandsOf(side, weight, form, loaded || refreshes, stream);
        if (training)
        {
            _clock.OnTrainingForward(fingerprint);
            if (!form.IsDense)
            {
                RememberOnCuda(side, weight, operands, refreshes, loaded, stream);
            }
        }

        if (_method.Permutes && _history.Permutation is { } permutation)
        {
            side.SetPermutation(permutation, stream);
        }

        _cudaForm = form;
        return operands;
    }

    private OperandForm OperandsOf(LayerOnCuda side, in CudaTensor weight, MaskForm form, bool forgets, nint stream)
    {
        if (form.IsDense)
        {
            return OperandForm.Dense(Pattern);
        }

        BackwardOperand backward = !_method.PacksBackward ? BackwardOperand.Forward
            : _method.RanksWholeWeight ? BackwardOperand.Whole
            : BackwardOperand.Subset;
        if (_method.KeepsMask)
        {
            NMMask mask = forgets || _history.Mask is null ? side.Made ??= MakeMask(side, weight, form, stream) : _history.Mask;
            return new(ForwardOperand.Kept, backward, form.N, form.M) { Mask = mask };
        }

        if (_method is IWeightTransform transform)
        {
            double scale = !forgets && _history.Scale is { } known ? known : ScaleOf(side, weight, transform, stream);
            return new(ForwardOperand.Soft, backward, form.N, form.M) { Factor = (float)scale };
        }

        return new(form.Pruned == 0 ? ForwardOperand.Ranked : ForwardOperand.Fading, backward, form.N, form.M) { Factor = form.Pruned };
    }

    private void RememberOnCuda(LayerOnCuda side, in CudaTensor weight, in OperandForm operands, bool refreshed, bool loaded, nint stream)
    {
        if (refreshed)
        {
            _history.SetMark(loaded ? null : _history.Mask, _clock.Step);
            (_history.Mask, side.Made) = (operands.Mask, null);
            _history.MaskedAt = _clock.Step;
        }

        if (operands.Forward == ForwardOperand.Soft && (loaded || _history.Scale is null))
        {
            _history.Scale = operands.Factor;
        }

        if (_method.Permutes)
        {
            PermuteOnCuda(side, weight, stream);
        }
    }

    // For masks that stay: rarely enough to wait for. On the CPU but for the one that takes most work; it also says which weight is bad.
    private NMMask MakeMask(LayerOnCuda side, in CudaTensor weight, MaskForm form, nint stream)
    {
        if (Method == SparseMethod.Transposable && Pattern is { N: 2, M: 4 } && side.Linear.TransposableMask(weight.Pointer, stream) is { } made)
        {
            return made;
        }

        float[] values = side.Linear.Values(weight.Pointer, stream);
        NMMask mask = new(OutFeatures, InFeatures);
        return _method.MakeForward(values, form, mask) ? mask : throw NotFinite(values);
    }

    private double ScaleOf(LayerOnCuda side, in CudaTensor weight, IWeightTransform transform, nint stream)
    {
        float[] values = side.Linear.Values(weight.Pointer, stream);
        return WeightCheck.FirstNonFinite(values) < 0 ? AsMatrix(values, matrix => ScaleOf(matrix, transform)) : throw NotFinite(values);
    }

    private NMSparseValueException NotFinite(float[] values) => AsMatrix(values, matrix => NotFinite(matrix, WeightCheck.FirstNonFinite(matrix.Span)));

    private unsafe T AsMatrix<T>(float[] values, Func<MatrixView, T> body)
    {
        fixed (float* data = values)
        {
            return body(new MatrixView((nint)data, OutFeatures, InFeatures));
        }
    }

    // λ enters in the first backward after a change of the weights; in a dense phase it is over with that.
    private PrunedEntries PrunedOnCuda(MaskForm form)
    {
        double decay = TakeDecay();
        return form.IsDense ? PrunedEntries.Decaying(0) : new(_method.MasksGradient ? form.Pruned : 1, (float)decay);
    }
}
