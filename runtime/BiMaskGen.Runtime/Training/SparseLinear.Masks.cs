using BiMaskGen.Masks;
using BiMaskGen.Permutations;
using BiMaskGen.Training.Methods;

namespace BiMaskGen.Training;

/// <content>What the layer's method, its schedule and its history make of the weight; all of it under the lock.</content>
public abstract partial class SparseLinear
{
    private int[]? _ownOrder;

    /// <summary>The order of the rows in which backward's groups are formed.</summary>
    private int[] RowOrder => _method.Permutes && _history.Permutation is { } order ? order : _ownOrder ??= RowPermutation.Identity(OutFeatures);

    // An evaluation between the optimizer's step and the next forward sees what that forward will see: the step is that of the weights.
    private LinearWeights Refresh(MatrixView weight, bool training, bool wantsBackward)
    {
        RefuseReleased("a forward on the dense weight");
        LeaveCuda();
        ulong fingerprint = WeightFingerprint.Of(weight.Span);
        if (training)
        {
            RefuseForgottenDecay(fingerprint);
        }

        long step = _clock.StepOf(fingerprint);
        MaskForm form = _schedule.At(step);
        bool loaded = _clock.IsLoad(fingerprint), refreshes = training && !form.IsDense && NeedsMask(step, loaded);
        if (_current is null || _current.Fingerprint != fingerprint || _current.Form != form || refreshes)
        {
            _current = Refilled(weight, fingerprint, form, loaded || refreshes, wantsBackward && CanOrder(form) ? RowOrder : null);
        }

        if (training)
        {
            _clock.OnTrainingForward(fingerprint);
            Remember(weight, fingerprint, form, refreshes, loaded);
        }

        return _current;
    }

    /// <summary>Whether a mask that is kept has to be made anew. What was kept belongs to the weights it was made from, not to loaded ones.</summary>
    private bool NeedsMask(long step, bool loaded) => _method.KeepsMask
        && (loaded || _history.Mask is null || LayerHistory.IsOver(step, _history.MaskedAt, Options.RefreshEvery));

    // Before the first search there is no order to make backward's mask in.
    private bool CanOrder(MaskForm form) => !form.IsDense && (!_method.Permutes || _history.Permutation is not null);

    private void Remember(MatrixView weight, ulong fingerprint, MaskForm form, bool refreshed, bool loaded)
    {
        if (form.IsDense)
        {
            return;
        }

        if (refreshed)
        {
            _history.SetMark(loaded ? null : _history.Mask, _clock.Step);
            _history.Mask ??= new NMMask(OutFeatures, InFeatures);
            _history.Mask.CopyFrom(_current!.Forward);
            _history.MaskedAt = _clock.Step;
        }

        if (_method is IWeightTransform transform && (loaded || _history.Scale is null))
        {
            _history.Scale = ScaleOf(weight, transform);
        }

        if (_method.Permutes)
        {
            Permute(weight, fingerprint, form);
        }
        else if (!_method.KeepsMask && (_history.Mark is null || LayerHistory.IsOver(_clock.Step, _history.MarkedAt, Options.PermuteEvery)))
        {
            _history.SetMark(_current!.Forward, _clock.Step);
        }
    }

    // A state that some call still leases is left to it.
    private LinearWeights Refilled(MatrixView weight, ulong fingerprint, MaskForm form, bool forgets, int[]? rowOrder)
    {
        LinearWeights weights = _current is { Leases: 0 } ? _current : Create(_method);
        _current = null;
        if (!weights.Refill(weight, fingerprint, form, forgets ? null : _history.Mask, rowOrder))
        {
            throw NotFinite(weight, WeightCheck.FirstNonFinite(weight.Span));
        }

        if (!form.IsDense && _method is IWeightTransform transform)
        {
            double scale = !forgets && _history.Scale is { } known ? known : ScaleOf(weight, transform);
            weights.Transform(weight, transform, scale);
        }

        return weights;
    }

    private double ScaleOf(MatrixView weight, IWeightTransform transform)
    {
        double scale = transform.ScaleOf(weight);
        return scale != 0 && double.IsFinite(scale) ? scale : throw new NMSparseValueException(Name, transform.NoScale);
    }

    private NMSparseValueException NotFinite(MatrixView weight, int entry) => new(
        Name,
        $"weight[{entry / InFeatures}, {Columns?.Place(entry % InFeatures) ?? $"{entry % InFeatures}"}] of [{OutFeatures}, {Columns?.Shape ?? $"{InFeatures}"}] is {weight.Span[entry]}; no mask can be made from it. Lower the learning rate or look for the operation that produced it.");
}
