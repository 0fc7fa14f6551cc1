namespace BiMaskGen.Generators.Model;

/// <summary>What the source says of a Linear's shape; null is what only the run can say.</summary>
internal sealed record LinearShape(int? InFeatures, int? OutFeatures, bool? HasBias)
{
    public static readonly LinearShape Unknown = new(null, null, null);

    /// <summary>A number of features, or null for what torch refuses.</summary>
    public static int? Number(long value) => value is > 0 and <= int.MaxValue ? (int)value : null;

    /// <summary>What two assignments of one member agree on.</summary>
    public LinearShape And(LinearShape other) => new(
        InFeatures == other.InFeatures ? InFeatures : null,
        OutFeatures == other.OutFeatures ? OutFeatures : null,
        HasBias == other.HasBias ? HasBias : null);
}
