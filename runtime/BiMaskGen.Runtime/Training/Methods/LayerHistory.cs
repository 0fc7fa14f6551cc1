using BiMaskGen.Masks;

namespace BiMaskGen.Training.Methods;

/// <summary>What a layer keeps that is no function of its weights alone. It is part of the layer's saved state.</summary>
internal sealed class LayerHistory
{
    /// <summary>The row permutation, or null before the first search.</summary>
    public int[]? Permutation { get; set; }

    /// <summary>A search whose result does not hold yet, or null.</summary>
    public PendingSearch? Pending { get; set; }

    /// <summary>The step of the last search.</summary>
    public long PermutedAt { get; set; }

    /// <summary>The mask that stays until its refresh, or null.</summary>
    public NMMask? Mask { get; set; }

    /// <summary>The step of the mask's last refresh.</summary>
    public long MaskedAt { get; set; }

    /// <summary>
    /// What masks are compared with to see how far they moved: Mf at the last search, for a kept mask the one before it, else Mf at the beginning of the
    /// period of <see cref="SparseLayerOptions.PermuteEvery"/> steps.
    /// </summary>
    public NMMask? Mark { get; private set; }

    /// <summary>The step of <see cref="Mark"/>.</summary>
    public long MarkedAt { get; private set; }

    /// <summary>Compares with this mask from now on; null ends comparing.</summary>
    public void SetMark(NMMask? mask, long step)
    {
        if (mask is not null)
        {
            Mark ??= new NMMask(mask.Rows, mask.Columns);
            Mark.CopyFrom(mask);
        }
        else
        {
            Mark = null;
        }

        MarkedAt = step;
    }

    /// <summary>The share of entries in which a mask differs from the mark; null without one.</summary>
    public double? Moved(NMMask mask) => Moved(mask, Mark);

    /// <summary>The share of entries in which a mask differs from a mark; null without one.</summary>
    public static double? Moved(NMMask mask, NMMask? mark) => mark is null ? null : mask.CountDifferent(mark) / ((double)mask.Rows * mask.Columns);

    /// <summary>A mark for whoever compares later.</summary>
    public NMMask? CopyOfMark()
    {
        if (Mark is null)
        {
            return null;
        }

        NMMask copy = new(Mark.Rows, Mark.Columns);
        copy.CopyFrom(Mark);
        return copy;
    }

    /// <summary>The scale that was fixed at the first use, or null.</summary>
    public double? Scale { get; set; }

    /// <summary>Whether a period that began at a multiple of its length is over.</summary>
    public static bool IsOver(long step, long begun, int length) => length > 0 && step / length != begun / length;
}
