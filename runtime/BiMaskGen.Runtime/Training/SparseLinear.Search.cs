using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Masks;
using BiMaskGen.Permutations;
using BiMaskGen.Training.Methods;

namespace BiMaskGen.Training;

/// <content>When the row permutation is searched, and from when on it holds; all of it under the lock.</content>
public abstract partial class SparseLinear
{
    private bool SearchIsDue => _history.Permutation is null || LayerHistory.IsOver(_clock.Step, _history.PermutedAt, Options.PermuteEvery);

    private void Permute(MatrixView weight, ulong fingerprint, MaskForm form)
    {
        bool changes = AdoptFound();
        bool searches = SearchIsDue && !HasHardlyMoved(_current!.Forward);
        if (!changes && !searches)
        {
            return;
        }

        if (_current!.Leases > 0)
        {
            _current = Refilled(weight, fingerprint, form, forgets: false, rowOrder: null);
        }

        if (searches)
        {
            Search(_current.Forward, weight.Span);
        }

        _current.ForgetBackward();
    }

    /// <summary>Whether a search that is due is left out; then the next period begins.</summary>
    private bool HasHardlyMoved(NMMask forward)
    {
        bool skips = _history.Permutation is not null && _history.Moved(forward) < Options.SearchAbove;
        _history.PermutedAt = skips ? _clock.Step : _history.PermutedAt;
        return skips;
    }

    private void Search(NMMask forward, ReadOnlySpan<float> weight)
    {
        PermutationSearchOptions options = SearchOptions();
        _history.Permutation = (options.Search == PermutationSearch.Weighted
            ? RowPermutation.Find(forward, weight, Pattern, options)
            : RowPermutation.Find(forward, Pattern, options)).Permutation;
        _history.PermutedAt = _clock.Step;
        _history.SetMark(forward, _clock.Step);
    }

    private PermutationSearchOptions SearchOptions() => new(Options.Search, Options.SearchCandidates, Options.Seed, _clock.Step)
    {
        Start = Options.WarmStart ? _history.Permutation : null,
    };

    // A first permutation is needed at once. Later ones are searched beside training, which on a GPU would else wait for the CPU: half a period is more time than any search takes.
    private void PermuteOnCuda(LayerOnCuda side, in CudaTensor weight, nint stream)
    {
        _history.Pending?.Advance();
        AdoptFound();
        if (!SearchIsDue)
        {
            return;
        }

        if (_history.Permutation is not null && Options.Search != PermutationSearch.Weighted)
        {
            // Locals: a search must not keep the layer alive, and with it what it holds on the GPU.
            PermutationSearchOptions options = SearchOptions();
            (NMPattern pattern, double above) = (Pattern, Options.SearchAbove);
            NMMask? mark = above > 0 ? _history.CopyOfMark() : null;
            _history.Pending = new PendingSearch(
                _clock.Step,
                _clock.Step + Math.Max(1, Options.PermuteEvery / 2),
                side.Linear.ForwardMask(weight.Pointer, stream),
                mask => LayerHistory.Moved(mask, mark) < above ? null : RowPermutation.Find(mask, pattern, options).Permutation);
            _history.PermutedAt = _clock.Step;
            return;
        }

        NMMask forward = side.Linear.ForwardMask(weight.Pointer, stream).Take();
        if (HasHardlyMoved(forward))
        {
            return;
        }

        if (Options.Search != PermutationSearch.Weighted)
        {
            Search(forward, default);
            return;
        }

        DenseWeight.Read(values =>
        {
            int bad = WeightCheck.FirstNonFinite(values.Span);
            if (bad >= 0)
            {
                throw NotFinite(values, bad);
            }

            Search(forward, values.Span);
        });
    }

    /// <summary>Goes on with what a search beside training has found, from the step on that was set for it; whether that is another permutation.</summary>
    private bool AdoptFound()
    {
        if (_history.Pending is not { } pending || (_clock.Step < pending.HoldsFrom && !SearchIsDue))
        {
            return false;
        }

        _history.Pending = null;
        if (pending.Finish() is not { } found)
        {
            return false;
        }

        _history.Permutation = found;
        if (pending.Mask is { } mask)
        {
            _history.SetMark(mask, pending.Step);
        }

        return true;
    }
}
