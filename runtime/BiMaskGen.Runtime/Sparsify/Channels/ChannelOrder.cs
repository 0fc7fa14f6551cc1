namespace BiMaskGen.Sparsify;

/// <summary>An order of the input channels, under which groups of M are formed.</summary>
/// <param name="Order">Order[p] = the original column at position p.</param>
/// <param name="Kept">Σ of the scores that N:M keeps in this order.</param>
/// <param name="DefaultKept">The same in the channels' own order.</param>
public sealed record ChannelOrder(int[] Order, double Kept, double DefaultKept)
{
    /// <summary>Whether the channels stay where they are.</summary>
    public bool IsIdentity => !Order.Where((column, position) => column != position).Any();
}
