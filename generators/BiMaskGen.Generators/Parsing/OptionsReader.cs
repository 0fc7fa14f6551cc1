using System.Globalization;
using System.Linq;
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

        return new SparseOptions(
            n,
            m,
            EnumName(attribute, "Method") ?? SparseOptions.BiMask,
            Named(attribute, "Decay") is double decay ? decay : 2e-4,
            Named(attribute, "PermuteEvery") is int permuteEvery ? permuteEvery : 100,
            EnumName(attribute, "Search") ?? "Swap",
            Named(attribute, "SearchCandidates") is int candidates ? candidates : 100,
            Named(attribute, "Seed") is int seed ? seed : 0,
            Named(attribute, "Mvue") is true);
    }

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
