using System.Diagnostics;
using BiMaskGen.Dispatch;
using BiMaskGen.Permutations;
using BiMaskGen.Training.Methods;

namespace BiMaskGen.Training;

/// <content>What the layer tells about itself, and what it saves.</content>
public abstract partial class SparseLinear
{
    /// <inheritdoc/>
    public override LayerReport GetReport()
    {
        lock (_gate)
        {
            double weights = (double)OutFeatures * WeightColumns;
            double? forward = (_released?.Kept ?? (_releasedOnCuda is null ? null : _releasedFrom.Kept)) / weights, identity = null, backward = null;
            if (KeptOnCuda() is { } shares)
            {
                (forward, backward) = shares;
            }
            else if (_current is not null)
            {
                double kept = _current.Forward.CountKept();
                forward = kept / weights;
                if (_method.Permutes && !_current.Form.IsDense)
                {
                    identity = RowPermutation.CountKept(_current.Forward, Pattern, RowPermutation.Identity(OutFeatures)) / kept;
                    backward = _history.Permutation is { } found ? RowPermutation.CountKept(_current.Forward, Pattern, found) / kept : null;
                }
                else
                {
                    backward = _current.KnownBackwardMask?.CountKept() / kept;
                }
            }

            return new LayerReport(
                Name, Pattern, OutFeatures, WeightColumns, _clock.Step, forward, identity, backward,
                [.. Decisions("y", _forwardChooser), .. Decisions("dX", _backwardChooser), .. Decisions("dW", _weightChooser), .. CudaDecisions()], Counters)
            {
                Method = Method,
                Form = (IsReleased ? MaskForm.Of(Pattern) : _cuda is { Key: not null } ? _cudaForm : _current?.Form)?.ToString(),
                Flips = (_cuda?.Mask ?? _current?.Forward) is { } mask ? _history.Moved(mask) : null,
                GradientGap = GradientGap(),
                ReleasedBytes = _released?.Bytes ?? _releasedOnCuda?.Bytes,
                ReleasedForm = _releasedOnCuda?.Choice.Form,
                ReleasedDenseBytes = IsReleased ? _releasedOnCuda is null ? (long)weights * sizeof(float) : _releasedFrom.DenseBytes : null,
                CudaRefusal = _refusedOnCuda ? CudaRefusal : null,
            };
        }
    }

    /// <summary>Columns that hold weights: a convolution's zeros are nobody's business.</summary>
    private int WeightColumns => Columns?.Weights ?? InFeatures;

    // Needs the weights that the masks are of, and so nothing that changed them since.
    private double? GradientGap()
    {
        double? gap = null;
        if (_current is { KnownBackwardMask: not null } current && !IsReleased)
        {
            Dense?.Read(weight =>
            {
                if (WeightFingerprint.Of(weight.Span) == current.Fingerprint)
                {
                    gap = current.GapOf(weight);
                }
            });
        }

        return gap;
    }

    internal override bool KeepsMask => _method.KeepsMask;

    internal override void SetPermutation(ReadOnlySpan<int> permutation)
    {
        if (!permutation.IsEmpty && _method.Permutes)
        {
            lock (_gate)
            {
                Forget(_history.Pending);
                _history.Permutation = permutation.ToArray();
                _history.PermutedAt = _clock.Step;
                _current = null;
            }
        }
    }

    internal override LayerState ExportState()
    {
        RefuseReleased("saving the sparse state");
        lock (_gate)
        {
            int[]? found = _history.Pending?.Finish();
            return new LayerState
            {
                Pattern = Pattern.ToString(),
                Method = Method.ToString(),
                OutFeatures = OutFeatures,
                InFeatures = InFeatures,
                Grouping = Columns?.Grouping,
                Step = _clock.Step,
                Started = _clock.Started,
                Seen = SeenBits(),
                DecayPending = _clock.DecayPending,
                PermutedAt = _history.PermutedAt,
                Permutation = (int[]?)_history.Permutation?.Clone(),
                FoundPermutation = found,
                FoundHoldsFrom = found is null ? 0 : _history.Pending!.HoldsFrom,
                FoundMask = found is not null && Options.SearchAbove > 0 && _history.Pending!.Mask is { } searched ? MaskText.Of(searched) : null,
                TotalSteps = _schedule.TotalSteps,
                MaskedAt = _history.MaskedAt,
                Mask = _history.Mask is { } mask ? MaskText.Of(mask) : null,
                SearchedMask = Options.SearchAbove > 0 && _history.Mark is { } mark ? MaskText.Of(mark) : null,
                Scale = _history.Scale,
                ForwardKernels = Choices(_forwardChooser, training: true),
                EvaluationKernels = Choices(_forwardChooser, training: false),
                BackwardKernels = Choices(_backwardChooser, training: true),
                WeightKernels = Choices(_weightChooser, training: true),
            };
        }
    }

    internal override void ImportState(LayerState state)
    {
        lock (_gate)
        {
            _clock.Restore(state.Step, state.Started, state.Seen, state.DecayPending);
            _history.Permutation = (int[]?)state.Permutation?.Clone();
            _history.PermutedAt = state.PermutedAt;
            Forget(_history.Pending);
            _history.Pending = state.FoundPermutation is { } found
                ? new PendingSearch(state.PermutedAt, state.FoundHoldsFrom, (int[])found.Clone(), state.FoundMask is { } mask ? MaskText.Read(mask, OutFeatures, InFeatures) : null)
                : null;
            _history.Mask = state.Mask is { } kept ? MaskText.Read(kept, OutFeatures, InFeatures) : null;
            _history.MaskedAt = state.MaskedAt;
            _history.SetMark(state.SearchedMask is { } mark ? MaskText.Read(mark, OutFeatures, InFeatures) : null, state.PermutedAt);
            _history.Scale = state.Scale;
            _schedule.TotalSteps = state.TotalSteps ?? _schedule.TotalSteps;
            _current = null;
            LeaveCuda();
            Restore(state.ForwardKernels, _forwardChooser, training: true);
            Restore(state.EvaluationKernels, _forwardChooser, training: false);
            Restore(state.BackwardKernels, _backwardChooser, training: true);
            Restore(state.WeightKernels, _weightChooser, training: true);
        }
    }

    private void Forget(PendingSearch? search)
    {
        search?.Abandon();
        _history.Pending = null;
    }

    private static void Restore(Dictionary<int, KernelKind> choices, KernelChooser chooser, bool training)
    {
        foreach ((int bucket, KernelKind kernel) in choices)
        {
            chooser.Restore(bucket, training, kernel);
        }
    }

    private static Dictionary<int, KernelKind> Choices(KernelChooser chooser, bool training) =>
        chooser.Decisions.Where(d => d.Training == training).ToDictionary(d => d.Bucket, d => d.Kernel);

    private static IEnumerable<KernelDecision> Decisions(string product, KernelChooser chooser) =>
        chooser.Decisions.Select(d => new KernelDecision(
            product, 1 << d.Bucket, d.Kernel, Milliseconds(d.SparseTicks), Milliseconds(d.DenseTicks), d.Calls));

    private static double Milliseconds(long ticks) => ticks * 1e3 / Stopwatch.Frequency;
}
