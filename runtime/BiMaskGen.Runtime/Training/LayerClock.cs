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
    private bool _loaded;

    /// <summary>Steps counted so far, or set by the user.</summary>
    public long Step { get; set; }

    /// <summary>Whether the decay term is still to be added for this step: it enters in the first backward after a change.</summary>
    public bool DecayPending { get; private set; }

    /// <summary>The step that weights belong to: the next one where they moved since the last grad-enabled forward and no load did it.</summary>
    public long StepOf(ulong fingerprint) => IsChange(fingerprint) && !_barrier ? Step + 1 : Step;

    /// <summary>Whether weights moved since the last grad-enabled forward, and a load did it.</summary>
    public bool IsLoad(ulong fingerprint) => _loaded || (IsChange(fingerprint) && _barrier);

    /// <summary>Takes note of a grad-enabled forward on weights with this fingerprint.</summary>
    public void OnTrainingForward(ulong fingerprint)
    {
        _loaded = false;
        if (_started && fingerprint == _seen)
        {
            return;
        }

        Step = StepOf(fingerprint);
        _started = true;
        _barrier = false;
        _seen = fingerprint;
        DecayPending = true;
    }

    /// <summary>Takes note of a weight gradient: an optimizer step needs one, so the next change after it is a step, not a load.</summary>
    public void OnBackward() => _barrier = false;

    /// <summary>Takes note of a weight gradient; says whether it carries the decay term.</summary>
    public bool TakeDecay()
    {
        OnBackward();
        bool pending = DecayPending;
        DecayPending = false;
        return pending;
    }

    /// <summary>Takes note that the weights themselves were decayed: a part of the step that moved them, if one did, and else none.</summary>
    /// <param name="before">Their fingerprint before.</param>
    /// <param name="after">And after.</param>
    public void OnDecayed(ulong before, ulong after)
    {
        DecayPending = false;
        _seen = before == _seen ? after : _seen;
    }

    /// <summary>Takes note that the weights were rewritten without training: whatever step they belonged to, they belong to now.</summary>
    /// <param name="before">Their fingerprint before.</param>
    /// <param name="after">And after.</param>
    public void OnRewritten(ulong before, ulong after) => _seen = before == _seen ? after : _seen;

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

        _loaded = IsLoad(fingerprint);
        if (StepOf(fingerprint) != Step)
        {
            Step++;
            DecayPending = true;
        }

        _seen = fingerprint;
        _barrier = true;
    }

    private bool IsChange(ulong fingerprint) => _started && fingerprint != _seen;

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
        _barrier = _loaded = false;
        DecayPending = decayPending;
    }
}
