namespace BiMaskGen.Sparsify;

/// <summary>How the order of the input channels is searched. The result is a function of the scores, the pattern and these options alone: every bound is a count.</summary>
/// <param name="Effort">Scales the bounds below, in percent: 100 is what the documented figures were measured with; 0 leaves the channels where they are.</param>
/// <param name="Seed">Which columns leave their groups is drawn from it.</param>
public readonly record struct ChannelSearchOptions(int Effort = 100, int Seed = 0)
{
    /// <summary>The documented effort.</summary>
    public static ChannelSearchOptions Default => new(100);
}
