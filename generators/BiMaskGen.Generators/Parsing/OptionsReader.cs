using System.Globalization;
using System.Linq;
using BiMaskGen.Generators.Methods;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Parsing;

/// <summary>Reads an <c>[NMSparse]</c> attribute.</summary>
internal static class OptionsReader
{
    /// <summary>What the attribute says, or null where its arguments do not compile.</summary>
    public static SparseOptions? Read(AttributeData attribute)
    {
        if (attribute.ConstructorArguments is not { Length: 2 } numbers || numbers[0].Value is not int n || numbers[1].Value is not int m)
        {
            return null;
        }

        string method = EnumName(attribute, "Method") ?? SparseOptions.BiMask;
        return new SparseOptions(
            n,
            m,
            method,
            Named(attribute, "Decay") is double decay ? decay : 2e-4,
            Named(attribute, "DecoupledDecay") is true,
            Named(attribute, "PermuteEvery") is int permuteEvery ? permuteEvery : 100,
            EnumName(attribute, "Search") ?? "Swap",
            Named(attribute, "SearchCandidates") is int candidates ? candidates : 100,
            Named(attribute, "WarmStart") is true,
            Named(attribute, "SearchAbove") is double above ? above : 0,
            Named(attribute, "Seed") is int seed ? seed : 0,
            Named(attribute, "Mvue") is true,
            EnumName(attribute, "Precision") ?? SparseOptions.WeightPrecision,
            EnumName(attribute, "ConvGrouping") ?? SparseOptions.Channels,
            Schedule(attribute, method));
    }

    /// <summary>Whether the attribute covers the classes of members as well.</summary>
    public static bool ReachesChildren(AttributeData attribute) => EnumName(attribute, "Reach") == "Children";

    private static ScheduleOptions Schedule(AttributeData attribute, string method) => new(
        Named(attribute, "TotalSteps") is long total ? total : null,
        Named(attribute, "DenseFirst") is double first ? first : 0,
        Named(attribute, "DenseLast") is double last ? last : 0,
        Named(attribute, "RefreshEvery") is int refresh ? refresh : MethodOptions.DefaultRefresh(method),
        EnumName(attribute, "MaskCurve") ?? "Linear",
        Named(attribute, "MaskRate") is double rate ? rate : 2e-4,
        Named(attribute, "MaskShare") is double share ? share : 0,
        Named(attribute, "MaskGradient") is not false,
        EnumName(attribute, "StructureCurve") ?? "Stepwise");

    private static object? Named(AttributeData attribute, string name) => Constant(attribute, name)?.Value;

    private static TypedConstant? Constant(AttributeData attribute, string name)
    {
        foreach (System.Collections.Generic.KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
        {
            if (argument.Key == name)
            {
                return argument.Value;
            }
        }

        return null;
    }

    /// <summary>The name of an enum argument; a number in parentheses where no member has that value.</summary>
    private static string? EnumName(AttributeData attribute, string name)
    {
        if (Constant(attribute, name) is not { Kind: TypedConstantKind.Enum, Type: { } type, Value: { } value })
        {
            return null;
        }

        return type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(f => f.HasConstantValue && value.Equals(f.ConstantValue))?.Name
            ?? string.Format(CultureInfo.InvariantCulture, "({0})", value);
    }
}
