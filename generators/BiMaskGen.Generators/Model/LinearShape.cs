namespace BiMaskGen.Generators.Model;

/// <summary>
/// What the source says of a layer's shape; null is what only the run can say. Of a convolution, features are the channels, those of one tap of the kernel.
/// </summary>
internal sealed record LinearShape(int? InFeatures, int? OutFeatures, bool? HasBias)
{
    /// <summary>Entries of a convolution's kernel; 1 of a Linear.</summary>
    public int? Taps { get; init; } = 1;

    /// <summary>Columns of the weight as a matrix.</summary>
    public int? Columns => InFeatures is { } features && Taps is { } taps ? Number((long)features * taps) : null;

    public static readonly LinearShape Unknown = new(null, null, null) { Taps = null };

    /// <summary>A number of features, or null for what torch refuses.</summary>
    public static int? Number(long value) => value is > 0 and <= int.MaxValue ? (int)value : null;

    /// <summary>What two assignments of one member agree on.</summary>
    public LinearShape And(LinearShape other) => new(
        InFeatures == other.InFeatures ? InFeatures : null,
        OutFeatures == other.OutFeatures ? OutFeatures : null,
        HasBias == other.HasBias ? HasBias : null)
    {
        Taps = Taps == other.Taps ? Taps : null,
    };
}
