using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.Generators.Parsing;

/// <summary>A field or property of a class whose declared type is a module. Lives inside one transform.</summary>
internal sealed class ModuleMember
{
    private ModuleMember(ISymbol symbol, ITypeSymbol type, IFieldSymbol? storage, bool isRegistered, KnownTypes known)
    {
        Symbol = symbol;
        Type = type;
        IsRegistered = isRegistered;
        AttributeData? name = KnownTypes.Attribute(storage, known.ComponentNameAttribute);
        ComponentName = name?.NamedArguments.FirstOrDefault(a => a.Key == "Name").Value.Value as string ?? (storage ?? symbol).Name;
        Sparse = KnownTypes.Attribute(symbol, known.SparseAttribute);
        KeepDense = KnownTypes.Attribute(symbol, known.KeepDenseAttribute);
        KeptElements = KeepDense?.ConstructorArguments is { Length: 1 } arguments && arguments[0] is { Kind: TypedConstantKind.Array, IsNull: false } names
            ? [.. names.Values.Select(static name => name.Value).OfType<string>()]
            : [];
    }

    public ISymbol Symbol { get; }

    public ITypeSymbol Type { get; }

    /// <summary>The name under which <c>RegisterComponents</c> registers the field, or the property's backing field.</summary>
    public string ComponentName { get; }

    /// <summary>Whether reading the member reads the field that is registered; a property with a body may do anything.</summary>
    public bool IsRegistered { get; }

    public AttributeData? Sparse { get; }

    public AttributeData? KeepDense { get; }

    /// <summary>The elements of a container that <c>[KeepDense("2")]</c> names; empty where it names none and means the whole member.</summary>
    public IReadOnlyList<string> KeptElements { get; }

    public bool IsKeptDense => KeepDense is not null && KeptElements.Count == 0;

    /// <summary>Whether code outside the class can put another module in.</summary>
    public bool IsWritableOutside => Symbol switch
    {
        IFieldSymbol { IsReadOnly: false } variable => variable.DeclaredAccessibility != Accessibility.Private,
        IPropertySymbol { SetMethod: { } setter } => setter.DeclaredAccessibility != Accessibility.Private,
        _ => false,
    };

    /// <summary>The module-typed members of a class, each name once, in order of declaration.</summary>
    public static IReadOnlyList<ModuleMember> Of(INamedTypeSymbol type, KnownTypes known, CancellationToken cancellation)
    {
        HashSet<string> names = [];
        List<ModuleMember> members = [];
        foreach (ISymbol symbol in type.GetMembers())
        {
            cancellation.ThrowIfCancellationRequested();
            if (symbol.Name.Length > 0 && From(symbol, known, cancellation) is { } member && names.Add(symbol.Name))
            {
                members.Add(member);
            }
        }

        return members;
    }

    /// <summary>The member, or null where the symbol is no instance field or stored property of a module type.</summary>
    public static ModuleMember? From(ISymbol symbol, KnownTypes known, CancellationToken cancellation)
    {
        switch (symbol)
        {
            case IFieldSymbol { IsStatic: false, IsImplicitlyDeclared: false } field when known.IsModule(field.Type):
                return new ModuleMember(field, field.Type, field, isRegistered: true, known);
            case IPropertySymbol { IsStatic: false, IsIndexer: false, ExplicitInterfaceImplementations.IsEmpty: true } property
                when known.IsModule(property.Type) && BackingField(property) is { } storage:
                return new ModuleMember(property, property.Type, storage, IsAuto(property, cancellation), known);
            default:
                return null;
        }
    }

    private static IFieldSymbol? BackingField(IPropertySymbol property) => property.ContainingType.GetMembers()
        .OfType<IFieldSymbol>().FirstOrDefault(field => KnownTypes.Same(field.AssociatedSymbol, property));

    private static bool IsAuto(IPropertySymbol property, CancellationToken cancellation) =>
        property.DeclaringSyntaxReferences.All(reference =>
            reference.GetSyntax(cancellation) is PropertyDeclarationSyntax { ExpressionBody: null, AccessorList: { } accessors }
            && accessors.Accessors.All(accessor => accessor.Body is null && accessor.ExpressionBody is null));
}
