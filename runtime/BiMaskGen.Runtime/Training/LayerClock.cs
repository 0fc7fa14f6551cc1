namespace BiMaskGen.Training;

/// <summary>
/// The training steps of one layer. A step is counted at the first grad-enabled forward that finds the weights changed since the
/// last one; the first use and a load do not count. Not thread-safe: the layer's lock guards it.
/// </summary>
internal sealed class LayerClock
{
    private bool _started;
    private ulong _seen;
    private bool _barrier;

    /// <summary>Steps counted so far, or set by the user.</summary>
    public long Step { get; set; }

    /// <summary>Whether the decay term is still to be added for this step: it enters in the first backward after a change.</summary>
    public bool DecayPending { get; private set; }

    /// <summary>Takes note of a grad-enabled forward on weights with this fingerprint.</summary>
    public void OnTrainingForward(ulong fingerprint)
    {
        if (_started && fingerprint == _seen)
        {
            return;
        }

        if (_started && !_barrier)
        {
            Step++;
        }

        _started = true;
        _barrier = false;
        _seen = fingerprint;
        DecayPending = true;
    }

    /// <summary>Takes note of a weight gradient; says whether it carries the decay term.</summary>
    public bool TakeDecay()
    {
        // An optimizer step needs a gradient, so the next change after one is a step, not a load.
        _barrier = false;
        bool pending = DecayPending;
        DecayPending = false;
        return pending;
    }

    /// <summary>
    /// Takes note that <c>state_dict</c> was read, which a load does first: a change found at the next forward is a load, unless
    /// a backward ran in between. A change up to now was a step.
    /// </summary>
    /// <param name="fingerprint">The weights now.</param>
    public void OnStateDict(ulong fingerprint)
    {
        if (!_started)
        {
            return;
        }

        if (fingerprint != _seen && !_barrier)
        {
            Step++;
            DecayPending = true;
        }

        _seen = fingerprint;
        _barrier = true;
    }

    /// <summary>Whether a grad-enabled forward has been seen.</summary>
    public bool Started => _started;

    /// <summary>The fingerprint of the weights that the last grad-enabled forward saw.</summary>
    public ulong Seen => _seen;

    /// <summary>
    /// Restores a saved clock. It keeps the fingerprint of the weights last seen, so that weights saved after the optimizer's step
    /// count as that step when training goes on, just as they would have without the interruption.
    /// </summary>
    public void Restore(long step, bool started, ulong seen, bool decayPending)
    {
        Step = step;
        _started = started;
        _seen = seen;
        _barrier = false;
        DecayPending = decayPending;
    }
}
