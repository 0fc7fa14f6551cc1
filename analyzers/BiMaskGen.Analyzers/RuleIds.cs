namespace BiMaskGen.Analyzers;

/// <summary>All ids, so that none is given twice. Numbers without a name here belong to rules that have not landed.</summary>
internal static class RuleIds
{
    public const string InvalidPattern = "NMS001";
    public const string UnsupportedType = "NMS006";
    public const string ConflictingAttributes = "NMS016";
    public const string MethodNotLanded = "NMS017";
    public const string OptionOutOfRange = "NMS018";
    public const string NotALayer = "NMS019";
}
