using BiMaskGen.Kernels.Cuda;
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
        MaskForm form = _schedule.At(_clock.StepOf(fingerprint));
        OperandForm operands = OperandsOf(form);
        if (training)
        {
            _clock.OnTrainingForward(fingerprint);
            if (_method.Permutes && !form.IsDense && SearchIsDue)
            {
                SearchOnCuda(side, weight, stream);
            }
        }

        if (_method.Permutes && _history.Permutation is { } permutation)
        {
            side.SetPermutation(permutation, stream);
        }

        _cudaForm = form;
        return operands;
    }

    private OperandForm OperandsOf(MaskForm form)
    {
        if (form.IsDense)
        {
            return OperandForm.Dense(Pattern);
        }

        BackwardOperand backward = !_method.PacksBackward ? BackwardOperand.Forward
            : _method.RanksWholeWeight ? BackwardOperand.Whole
            : BackwardOperand.Subset;
        return new(form.Pruned == 0 ? ForwardOperand.Ranked : ForwardOperand.Fading, backward, form.N, form.M) { Factor = form.Pruned };
    }

    // λ enters in the first backward after a change of the weights; in a dense phase it is over with that.
    private PrunedEntries PrunedOnCuda(MaskForm form)
    {
        double decay = TakeDecay();
        return form.IsDense ? PrunedEntries.Decaying(0) : new(_method.MasksGradient ? form.Pruned : 1, (float)decay);
    }
}
