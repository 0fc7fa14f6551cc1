namespace BiMaskGen.Analyzers;

/// <summary>All ids, so that none is given twice.</summary>
internal static class RuleIds
{
    public const string InvalidPattern = "NMS001";
    public const string InFeaturesRemainder = "NMS002";
    public const string OutFeaturesRemainder = "NMS003";
    public const string TensorCoreShape = "NMS004";
    public const string TensorCorePattern = "NMS005";
    public const string UnsupportedType = "NMS006";
    public const string StaysDense = "NMS007";
    public const string CallNotRedirected = "NMS008";
    public const string UnknownShape = "NMS009";
    public const string TooSmall = "NMS010";
    public const string NotPartial = "NMS011";
    public const string InterceptorsDisabled = "NMS012";
    public const string ContradictingOptions = "NMS013";
    public const string DecayUnderAdam = "NMS014";
    public const string WeightUsedDirectly = "NMS015";
    public const string ConflictingAttributes = "NMS016";
    public const string UnknownMethod = "NMS017";
    public const string OptionOutOfRange = "NMS018";
    public const string NotALayer = "NMS019";
}
