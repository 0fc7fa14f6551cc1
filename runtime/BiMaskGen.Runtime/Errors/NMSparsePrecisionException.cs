namespace BiMaskGen;

/// <summary>A layer was to be released in an <see cref="InferencePrecision"/> in which it cannot run here: device, pattern, shape or library do not allow it.</summary>
public sealed class NMSparsePrecisionException : NMSparseException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="layer">The layer's name.</param>
    /// <param name="precision">What was asked for.</param>
    /// <param name="reason">Why it cannot be, with the numbers.</param>
    public NMSparsePrecisionException(string layer, InferencePrecision precision, string reason)
        : base($"{layer}: it cannot run in {precision}: {reason}. ReleaseDense() keeps the precision that it has; ReleaseDense(InferencePrecision.{precision}, names) "
            + "takes the layers that can. Nothing was released.")
    {
        Layer = layer;
        Precision = precision;
        Reason = reason;
    }

    /// <summary>The layer's name.</summary>
    public string Layer { get; }

    /// <summary>What was asked for.</summary>
    public InferencePrecision Precision { get; }

    /// <summary>Why it cannot be.</summary>
    public string Reason { get; }
}
