using System;
using System.Collections.Generic;
using System.Linq;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Parsing;

/// <summary>
/// The methods of torch's module that the emitted part of a class may override or hide. Their signatures are read from the TorchSharp that
/// the user has: they differ between its versions.
/// </summary>
/// <param name="StateDict">Whether <c>state_dict</c> can be overridden.</param>
/// <param name="Registration">Whether <c>RegisterComponents</c> can be overridden.</param>
/// <param name="Refused">
/// What a model without its dense weights has to refuse before it begins: <c>train</c>, all overloads of <c>_to</c>, and <c>save</c> to
/// a path, which is not virtual and would overwrite the file before it asks for the state.
/// </param>
internal sealed record ModuleOverrides(bool StateDict, bool Registration, EquatableArray<OverrideSpec> Refused)
{
    private static readonly string[] s_names = ["state_dict", "RegisterComponents", "train", "_to", "save"];

    private static readonly SymbolDisplayFormat TypeName = SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>What a class may override. Classes that have none of the methods themselves share what their base class gives.</summary>
    public static ModuleOverrides Of(INamedTypeSymbol type, KnownTypes known) =>
        type.BaseType is { } inherited && s_names.All(name => type.GetMembers(name).IsEmpty)
            ? known.Overrides.GetOrAdd(inherited, _ => Find(type))
            : Find(type);

    private static ModuleOverrides Find(INamedTypeSymbol type) => new(
        Has(type, "state_dict", parameters: 2), Has(type, "RegisterComponents", parameters: 0), FindRefused(type));

    private static bool Has(INamedTypeSymbol type, string name, int parameters) =>
        Inherited(type, name).Any(method => CanOverride(method) && method.Parameters.Length == parameters);

    private static EquatableArray<OverrideSpec> FindRefused(INamedTypeSymbol type) => new(
        [.. Inherited(type, "train").Where(static m => CanOverride(m) && m.Parameters.Length == 1 && Begins(m, SpecialType.System_Boolean))
            .Concat(Inherited(type, "_to").Where(CanOverride))
            .Concat(Inherited(type, "save").Where(static m => !CanOverride(m) && Begins(m, SpecialType.System_String)))
            .Where(method => Access(method, type).Length > 0)
            .Select(method => new OverrideSpec(
                Access(method, type) + (CanOverride(method) ? " override" : " new"),
                method.ReturnType.ToDisplayString(TypeName),
                method.Name,
                new EquatableArray<ParameterSpec>([.. method.Parameters.Select(Parameter)])))]);

    private static bool CanOverride(IMethodSymbol method) => !method.IsSealed && (method.IsVirtual || method.IsOverride);

    private static bool Begins(IMethodSymbol method, SpecialType type) =>
        !method.IsStatic && method.Parameters.Length > 0 && method.Parameters[0].Type.SpecialType == type;

    /// <summary>Of each overload the nearest declaration, if it is not the class's own; none where the class uses the name for something else.</summary>
    private static IEnumerable<IMethodSymbol> Inherited(INamedTypeSymbol type, string name)
    {
        if (type.GetMembers(name).Any(static member => member is not IMethodSymbol))
        {
            yield break;
        }

        HashSet<string> seen = new(StringComparer.Ordinal);
        for (INamedTypeSymbol? t = type; t is not null; t = t.BaseType)
        {
            foreach (IMethodSymbol method in t.GetMembers(name).OfType<IMethodSymbol>())
            {
                string signature = string.Join(", ", method.Parameters.Select(static p => p.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)));
                if (seen.Add(signature) && !KnownTypes.Same(t, type))
                {
                    yield return method;
                }
            }
        }
    }

    // An override repeats the accessibility, but for the internal half of what another assembly declares.
    private static string Access(IMethodSymbol method, INamedTypeSymbol type) => method.DeclaredAccessibility switch
    {
        Accessibility.Public => "public",
        Accessibility.Protected => "protected",
        Accessibility.ProtectedOrInternal => KnownTypes.Same(method.ContainingAssembly, type.ContainingAssembly)
            || method.ContainingAssembly.GivesAccessTo(type.ContainingAssembly) ? "protected internal" : "protected",
        _ => "",
    };

    private static ParameterSpec Parameter(IParameterSymbol parameter) => new(
        parameter.Type.ToDisplayString(TypeName),
        Identifiers.Escape(parameter.Name),
        !parameter.HasExplicitDefaultValue ? null : parameter.ExplicitDefaultValue switch { true => "true", false => "false", null => "null!", _ => null });
}
