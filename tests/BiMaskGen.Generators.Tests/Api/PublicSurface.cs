using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace BiMaskGen.Generators.Tests.Api;

/// <summary>What others see of the runtime: its types and members, in order, as the compiler of a project that refers to it reads them.</summary>
internal static class PublicSurface
{
    private static readonly INamespaceSymbol s_runtime = ((IAssemblySymbol)TestCompilation.Of("").GetAssemblyOrModuleSymbol(References.Runtime)!).GlobalNamespace;

    /// <summary>All public types, nested ones too.</summary>
    public static IReadOnlyList<INamedTypeSymbol> Types { get; } = [.. All(s_runtime).OrderBy(Key, StringComparer.Ordinal)];

    /// <summary>The members that a type declares and others can use, but for those that the compiler makes, in the order of the source.</summary>
    public static IEnumerable<ISymbol> Members(INamedTypeSymbol type) => type.TypeKind == TypeKind.Delegate
        ? []
        : type.GetMembers().Where(member => member is not INamedTypeSymbol && IsVisible(member) && !IsMade(member, type));

    /// <summary>By what types and members are sorted, and a type's members follow it: the id of the documentation without its kind.</summary>
    public static string Key(ISymbol symbol) => symbol.GetDocumentationCommentId()![2..];

    /// <summary>Whether a symbol is for emitted code: editors do not offer it.</summary>
    public static bool IsHidden(ISymbol symbol) => symbol.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "EditorBrowsableAttribute")
        || (symbol.ContainingType is { } type && IsHidden(type));

    private static IEnumerable<INamedTypeSymbol> All(INamespaceOrTypeSymbol container) => container.GetMembers()
        .OfType<INamespaceOrTypeSymbol>()
        .SelectMany(member => member is INamedTypeSymbol type ? IsVisible(type) ? All(type).Prepend(type) : [] : All(member));

    private static bool IsVisible(ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;

    private static bool IsMade(ISymbol member, INamedTypeSymbol type) => member switch
    {
        IMethodSymbol { MethodKind: not (MethodKind.Ordinary or MethodKind.Constructor or MethodKind.UserDefinedOperator or MethodKind.Conversion) } => true,
        IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters.Length: 0 } => type.TypeKind == TypeKind.Struct || type.InstanceConstructors.Length == 1,
        IFieldSymbol => type.TypeKind == TypeKind.Enum && member.Name == "value__",
        _ => member.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "CompilerGeneratedAttribute") || (type.IsRecord && IsOfARecord(member)),
    };

    // The compiler does not mark all members that it gives to a record.
    private static bool IsOfARecord(ISymbol member) => member is IMethodSymbol { Name: "Deconstruct" or "<Clone>$" or "PrintMembers" } or { Name: "EqualityContract" };
}
