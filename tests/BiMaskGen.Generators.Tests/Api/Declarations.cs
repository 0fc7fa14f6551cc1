using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Tests.Api;

/// <summary>Types and members as C# declares them, on one line.</summary>
internal static class Declarations
{
    private const SymbolDisplayMemberOptions Member = SymbolDisplayMemberOptions.IncludeAccessibility | SymbolDisplayMemberOptions.IncludeModifiers
        | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeConstantValue | SymbolDisplayMemberOptions.IncludeRef;

    // With namespaces: nothing else tells two types of one name apart.
    private static readonly SymbolDisplayFormat s_full = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints,
        memberOptions: Member | SymbolDisplayMemberOptions.IncludeContainingType,
        kindOptions: SymbolDisplayKindOptions.IncludeTypeKeyword | SymbolDisplayKindOptions.IncludeMemberKeyword,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeDefaultValue
            | SymbolDisplayParameterOptions.IncludeModifiers | SymbolDisplayParameterOptions.IncludeExtensionThis,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        delegateStyle: SymbolDisplayDelegateStyle.NameAndSignature,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier
            | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    private static readonly SymbolDisplayFormat s_short = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: s_full.GenericsOptions,
        memberOptions: Member & ~SymbolDisplayMemberOptions.IncludeAccessibility,
        kindOptions: s_full.KindOptions,
        parameterOptions: s_full.ParameterOptions,
        propertyStyle: s_full.PropertyStyle,
        delegateStyle: s_full.DelegateStyle,
        miscellaneousOptions: s_full.MiscellaneousOptions);

    /// <summary>With accessibility and namespaces.</summary>
    public static string Full(ISymbol symbol) => Text(symbol, s_full, accessible: true);

    /// <summary>As a reader sees it on the page of its type.</summary>
    public static string Short(ISymbol symbol) => Text(symbol, s_short, accessible: false);

    private static string Text(ISymbol symbol, SymbolDisplayFormat format, bool accessible)
    {
        if (symbol is not INamedTypeSymbol type)
        {
            string kind = symbol is { IsStatic: true, ContainingType.TypeKind: TypeKind.Interface } ? "static abstract " : "";
            return kind + symbol.ToDisplayString(format);
        }

        string modifiers = (accessible ? type.DeclaredAccessibility.ToString().ToLowerInvariant() + " " : "") + type switch
        {
            { TypeKind: not TypeKind.Class } => "",
            { IsStatic: true } => "static ",
            _ => type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "",
        };
        string[] from = [.. Bases(type).Select(t => t.ToDisplayString(BaseFormat(format)))];
        return modifiers + type.ToDisplayString(format) + (from.Length > 0 ? " : " + string.Join(", ", from) : "");
    }

    // A base is named, not declared.
    private static SymbolDisplayFormat BaseFormat(SymbolDisplayFormat format) =>
        format.WithKindOptions(SymbolDisplayKindOptions.None).WithGenericsOptions(SymbolDisplayGenericsOptions.IncludeTypeParameters);

    private static IEnumerable<INamedTypeSymbol> Bases(INamedTypeSymbol type)
    {
        INamedTypeSymbol? own = type is { TypeKind: TypeKind.Class, BaseType.SpecialType: SpecialType.None } ? type.BaseType : null;
        IEnumerable<INamedTypeSymbol> interfaces = type.TypeKind == TypeKind.Enum ? [] : type.Interfaces.Where(i => !(type.IsRecord && i.Name == "IEquatable"));
        return own is null ? interfaces : interfaces.Prepend(own);
    }
}
