using System.Diagnostics;
using BiMaskGen.Dispatch;
using BiMaskGen.Permutations;

namespace BiMaskGen.Training;

/// <content>What the layer tells about itself, and what it saves.</content>
public abstract partial class SparseLinear
{
    /// <inheritdoc/>
    public override LayerReport GetReport()
    {
        lock (_gate)
        {
            double? forward = _released?.KeptShare, identity = null, backward = null;
            if (_current is not null)
            {
                double kept = _current.Forward.CountKept();
                forward = kept / ((double)OutFeatures * InFeatures);
                identity = RowPermutation.CountKept(_current.Forward, Pattern, RowPermutation.Identity(OutFeatures)) / kept;
                backward = _permutation is null ? null : RowPermutation.CountKept(_current.Forward, Pattern, _permutation) / kept;
            }

            return new LayerReport(
                Name, Pattern, OutFeatures, InFeatures, _clock.Step, forward, identity, backward,
                [.. Decisions("y", _forwardChooser), .. Decisions("dX", _backwardChooser), .. Decisions("dW", _weightChooser)], Counters)
            {
                ReleasedBytes = _released?.Bytes,
            };
        }
    }

    internal override void SetPermutation(ReadOnlySpan<int> permutation)
    {
        if (!permutation.IsEmpty)
        {
            lock (_gate)
            {
                _permutation = permutation.ToArray();
                _permutedAt = _clock.Step;
                _current = null;
            }
        }
    }

    internal override LayerState ExportState()
    {
        RefuseReleased("saving the sparse state");
        lock (_gate)
        {
            return new LayerState
            {
                Pattern = Pattern.ToString(),
                Method = Method.ToString(),
                OutFeatures = OutFeatures,
                InFeatures = InFeatures,
                Step = _clock.Step,
                Started = _clock.Started,
                Seen = _clock.Seen,
                DecayPending = _clock.DecayPending,
                PermutedAt = _permutedAt,
                Permutation = (int[]?)_permutation?.Clone(),
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
            _permutation = (int[]?)state.Permutation?.Clone();
            _permutedAt = state.PermutedAt;
            _current = null;
            Restore(state.ForwardKernels, _forwardChooser, training: true);
            Restore(state.EvaluationKernels, _forwardChooser, training: false);
            Restore(state.BackwardKernels, _backwardChooser, training: true);
            Restore(state.WeightKernels, _weightChooser, training: true);
        }
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
