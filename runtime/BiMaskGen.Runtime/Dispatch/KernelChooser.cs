using System.Numerics;

namespace BiMaskGen.Dispatch;

/// <summary>
/// Chooses between the sparse and the masked dense kernel for one product of one layer, per batch size class (powers of two):
/// the first calls take turns, each is timed, and the faster kernel stays. Bounded: <see cref="TrialCalls"/> calls, no product is
/// computed twice. Not thread-safe: the layer's lock guards it.
/// </summary>
internal sealed class KernelChooser
{
    private const int WarmUps = 2;
    private const int Samples = 3;

    /// <summary>Calls of one size class after which the choice stands: per kernel two warm-ups and three samples.</summary>
    public const int TrialCalls = 2 * (WarmUps + Samples);

    private readonly SortedDictionary<int, Trial> _trials = [];

    /// <summary>The size class of a batch: ⌈log₂ rows⌉.</summary>
    public static int Bucket(int rows) => rows <= 1 ? 0 : BitOperations.Log2((uint)rows - 1) + 1;

    /// <summary>The kernel for the next call.</summary>
    /// <param name="rows">Batch rows.</param>
    /// <param name="timed">Whether the caller is to time the call and report it.</param>
    public KernelKind Next(int rows, out bool timed)
    {
        timed = false;
        switch (KernelPolicy.Mode)
        {
            case KernelMode.Sparse:
                return KernelKind.SparseCpu;
            case KernelMode.Dense:
                return KernelKind.MaskedDense;
        }

        Trial trial = TrialOf(rows);
        long call = trial.Calls++;
        if (trial.Choice != KernelKind.Undecided)
        {
            return trial.Choice;
        }

        timed = true;
        return call % 2 == 0 ? KernelKind.SparseCpu : KernelKind.MaskedDense;
    }

    /// <summary>Takes a timing; decides when both kernels have theirs.</summary>
    public void Report(int rows, KernelKind kernel, long ticks)
    {
        Trial trial = TrialOf(rows);
        int side = kernel == KernelKind.SparseCpu ? 0 : 1;
        if (trial.Choice != KernelKind.Undecided || ++trial.Reports[side] <= WarmUps)
        {
            return;
        }

        // The minimum: whatever else the machine does can only add to a time.
        trial.Best[side] = Math.Min(trial.Best[side], ticks);
        if (trial.Reports[0] >= WarmUps + Samples && trial.Reports[1] >= WarmUps + Samples)
        {
            trial.Choice = trial.Best[0] <= trial.Best[1] ? KernelKind.SparseCpu : KernelKind.MaskedDense;
        }
    }

    /// <summary>What was decided: size class, kernel, the best ticks of the sparse and the dense product (0 if not measured), calls so far.</summary>
    public IEnumerable<(int Bucket, KernelKind Kernel, long SparseTicks, long DenseTicks, long Calls)> Decisions =>
        _trials.Where(t => t.Value.Choice != KernelKind.Undecided)
            .Select(t => (t.Key, t.Value.Choice, Measured(t.Value.Best[0]), Measured(t.Value.Best[1]), t.Value.Calls));

    /// <summary>Pins a choice that was saved.</summary>
    public void Restore(int bucket, KernelKind kernel) => _trials[bucket] = new Trial { Choice = kernel };

    private static long Measured(long ticks) => ticks == long.MaxValue ? 0 : ticks;

    private Trial TrialOf(int rows)
    {
        int bucket = Bucket(rows);
        if (!_trials.TryGetValue(bucket, out Trial? trial))
        {
            _trials.Add(bucket, trial = new Trial());
        }

        return trial;
    }

    private sealed class Trial
    {
        public KernelKind Choice;
        public long Calls;
        public readonly int[] Reports = [0, 0];
        public readonly long[] Best = [long.MaxValue, long.MaxValue];
    }
}
