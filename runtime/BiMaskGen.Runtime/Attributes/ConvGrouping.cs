namespace BiMaskGen;

/// <summary>Along what the groups of a convolution's weight <c>[out_channels, in_channels, kh, kw]</c> run.</summary>
public enum ConvGrouping
{
    /// <summary>
    /// Along the input channels, kernel tap by kernel tap: no group crosses a tap, and where in_channels is no multiple of M each tap ends in a
    /// remainder. The default.
    /// </summary>
    Channels,

    /// <summary>Along (in_channels, kh, kw) as the weight lies in memory, as the Bi-Mask authors' code groups.</summary>
    Flattened,
}
