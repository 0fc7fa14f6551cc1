using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace BiMaskGen.Generators.Parsing;

/// <summary>Names of emitted things.</summary>
internal static class Identifiers
{
    // Names as reflection has them: no @ before keywords.
    private static readonly SymbolDisplayFormat Unescaped = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);

    /// <summary>Eight hex digits of FNV-1a over the UTF-16 units, the same on every machine and compiler version.</summary>
    public static string Hash(string text)
    {
        uint hash = 2166136261;
        foreach (char c in text)
        {
            hash = unchecked((hash ^ c) * 16777619);
        }

        return hash.ToString("X8", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The name as source writes it: with @ where it is a keyword.</summary>
    public static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None ? "@" + name : name;

    /// <summary>The start of a class's file names. The hash keeps apart what a case-insensitive comparison would not.</summary>
    public static string HintName(INamedTypeSymbol type)
    {
        StringBuilder name = new();
        foreach (char c in DisplayName(type))
        {
            name.Append(c is '.' or '_' || char.IsLetterOrDigit(c) ? c : '_');
        }

        return name.Append('-').Append(Hash(MetadataName(type))).ToString();
    }

    /// <summary>The name of the static class with its interceptors, which no other class's has.</summary>
    public static string ClassName(INamedTypeSymbol type) => $"{type.Name}_{Hash(MetadataName(type))}";

    /// <summary>The type as C# names it, without global::, arguments or escapes.</summary>
    public static string DisplayName(INamedTypeSymbol type) => Container(type, nested: ".") + type.Name;

    /// <summary>The type as reflection names it.</summary>
    public static string MetadataName(INamedTypeSymbol type) => Container(type, nested: "+", metadata: true) + type.MetadataName;

    /// <summary>The type as the manifest names it: as reflection does, but generic arguments written out in angle brackets.</summary>
    public static string ManifestName(ITypeSymbol type)
    {
        if (type is not INamedTypeSymbol named)
        {
            return type.ToDisplayString();
        }

        string name = named.ContainingType is { } outer ? ManifestName(outer) + "+" + named.Name : Namespace(named) + named.Name;
        if (named.TypeArguments.Length == 0)
        {
            return name;
        }

        StringBuilder text = new(name);
        for (int i = 0; i < named.TypeArguments.Length; i++)
        {
            text.Append(i == 0 ? "<" : ", ").Append(ManifestName(named.TypeArguments[i]));
        }

        return text.Append('>').ToString();
    }

    private static string Container(INamedTypeSymbol type, string nested, bool metadata = false) =>
        type.ContainingType is { } outer
            ? (metadata ? MetadataName(outer) : DisplayName(outer)) + nested
            : Namespace(type);

    private static string Namespace(INamedTypeSymbol type) =>
        type.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString(Unescaped) + "." : "";
}
