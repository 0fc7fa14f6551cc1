using System.Collections.Concurrent;
using System.Diagnostics;

namespace BiMaskGen.Dispatch;

/// <summary>
/// The measurement behind one choice: calls go to the kernel that has fewer times so far and are timed; after a warm-up, in which the JIT
/// settles, the kernel with the smaller median stays for the process. No product is computed twice.
/// </summary>
/// <param name="warmUp">How long the warm-up lasts at least.</param>
internal sealed class KernelTrial(TimeSpan warmUp)
{
    // A method is compiled to the end after 30 calls, of which each product makes at least one per kernel.
    internal const int WarmUps = 20;
    internal const int Samples = 15;

    /// <summary>Calls after which the choice stands, if the warm-up takes no longer: per kernel the warm-ups and the samples.</summary>
    internal const int Calls = 2 * (WarmUps + Samples);

    private static readonly ConcurrentDictionary<KernelKey, KernelTrial> s_trials = new();

    private readonly Lock _gate = new();
    private readonly long[][] _samples = [new long[Samples], new long[Samples]];
    private readonly int[] _reports = [0, 0];
    private readonly int[] _timed = [0, 0];
    private long _firstCall;

    /// <summary>The choice, undecided until both kernels have their samples.</summary>
    internal KernelKind Choice { get; private set; }

    /// <summary>The median ticks of the sparse product, 0 before the choice.</summary>
    internal long SparseTicks { get; private set; }

    /// <summary>The median ticks of the dense product, 0 before the choice.</summary>
    internal long DenseTicks { get; private set; }

    /// <summary>The process's trial of a product.</summary>
    internal static KernelTrial Of(in KernelKey key) => s_trials.GetOrAdd(key, static _ => new KernelTrial(KernelPolicy.WarmUp));

    /// <summary>The kernel for the next call.</summary>
    /// <param name="timed">Whether the call is to be timed and reported.</param>
    internal KernelKind Next(out bool timed)
    {
        lock (_gate)
        {
            timed = Choice == KernelKind.Undecided;
            _firstCall = _firstCall == 0 ? Stopwatch.GetTimestamp() : _firstCall;

            // By reports, not by turns: a call that asks and never reports (its backward did not run) must not keep its kernel's turn.
            return !timed ? Choice : _reports[0] <= _reports[1] ? KernelKind.SparseCpu : KernelKind.MaskedDense;
        }
    }

    /// <summary>Takes a timing; decides when both kernels have theirs.</summary>
    internal void Report(KernelKind kernel, long ticks)
    {
        lock (_gate)
        {
            int side = kernel == KernelKind.SparseCpu ? 0 : 1;
            _reports[side]++;
            if (Choice != KernelKind.Undecided || _reports[side] <= WarmUps || Stopwatch.GetElapsedTime(_firstCall) < warmUp)
            {
                return;
            }

            // Whoever reported more often overwrites its oldest samples.
            _samples[side][_timed[side]++ % Samples] = ticks;
            if (_timed[0] >= Samples && _timed[1] >= Samples)
            {
                SparseTicks = Median(_samples[0]);
                DenseTicks = Median(_samples[1]);
                Choice = SparseTicks <= DenseTicks ? KernelKind.SparseCpu : KernelKind.MaskedDense;
            }
        }
    }

    private static long Median(long[] samples)
    {
        Array.Sort(samples);
        return samples[Samples / 2];
    }
}
