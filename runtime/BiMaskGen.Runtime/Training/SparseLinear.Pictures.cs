using BiMaskGen.Masks;
using BiMaskGen.Reports;

namespace BiMaskGen.Training;

/// <content>What a page draws of the layer.</content>
public abstract partial class SparseLinear
{
    internal override LayerMasks? CopyMasks()
    {
        lock (_gate)
        {
            if (_current is not { } current)
            {
                return null;
            }

            NMMask forward = Copy(current.Forward);
            NMMask? backward = current.KnownBackwardMask;
            return new LayerMasks(forward, ReferenceEquals(backward, current.Forward) ? forward : backward is null ? null : Copy(backward));
        }
    }

    private static NMMask Copy(NMMask mask)
    {
        var copy = new NMMask(mask.Rows, mask.Columns);
        copy.CopyFrom(mask);
        return copy;
    }
}
