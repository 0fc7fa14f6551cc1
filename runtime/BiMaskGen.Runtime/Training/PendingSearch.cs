using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Masks;

namespace BiMaskGen.Training;

/// <summary>
/// A search for the row permutation that runs beside training: first the mask comes from the GPU, then the CPU searches. Its result holds from a certain step on,
/// however long it took, so that runs can be repeated; whoever needs it sooner than it is there waits.
/// </summary>
internal sealed class PendingSearch
{
    private readonly Func<NMMask, int[]?>? _search;
    private MaskCopy? _copy;
    private Task<int[]?>? _found;

    /// <summary>Begins with a mask that is on its way.</summary>
    /// <param name="step">The step whose mask it is.</param>
    /// <param name="holdsFrom">The step from which the result holds.</param>
    /// <param name="copy">The mask; this frees it.</param>
    /// <param name="search">The search; null says that the permutation stays as it is.</param>
    public PendingSearch(long step, long holdsFrom, MaskCopy copy, Func<NMMask, int[]?> search)
    {
        (Step, HoldsFrom, _copy, _search) = (step, holdsFrom, copy, search);
    }

    /// <summary>A search that was over when its state was saved.</summary>
    public PendingSearch(long step, long holdsFrom, int[] permutation, NMMask? mask)
    {
        (Step, HoldsFrom, Mask, _found) = (step, holdsFrom, mask, Task.FromResult<int[]?>(permutation));
    }

    /// <summary>The step whose mask is searched with.</summary>
    public long Step { get; }

    /// <summary>The step from which the result holds.</summary>
    public long HoldsFrom { get; }

    /// <summary>The mask, as soon as it has come.</summary>
    public NMMask? Mask { get; private set; }

    /// <summary>Starts the search if the mask has come by now.</summary>
    public void Advance()
    {
        if (_copy is { IsDone: true })
        {
            Begin();
        }
    }

    /// <summary>Waits for the mask: afterwards nothing is held on the GPU.</summary>
    public void Begin()
    {
        if (_copy is { } copy)
        {
            _copy = null;
            NMMask mask = Mask = copy.Take();
            _found = Task.Run(() => _search!(mask));
        }
    }

    /// <summary>The permutation, or null if it stays as it is. Waits for it.</summary>
    public int[]? Finish()
    {
        Begin();
        return _found!.GetAwaiter().GetResult();
    }

    /// <summary>Gives up.</summary>
    public void Abandon()
    {
        _copy?.Dispose();
        _copy = null;
    }
}
