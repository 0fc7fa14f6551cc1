using System.Collections.Generic;
using System.Linq;
using System.Threading;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.Generators.Parsing;

/// <summary>Why a class cannot be a sparse model.</summary>
internal enum ClassProblem
{
    None,
    NotAModule,
    Static,
    Generic,
}

/// <summary>Questions about a class that carries the attribute itself or on a member. The analyzers ask the same ones.</summary>
internal static class AnnotatedClass
{
    private static readonly SymbolDisplayFormat SourceName =
        SymbolDisplayFormat.FullyQualifiedFormat.WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted);

    public static ClassProblem ProblemOf(INamedTypeSymbol type, KnownTypes? known)
    {
        if (type.IsStatic)
        {
            return ClassProblem.Static;
        }

        if (known is null || !known.IsModule(type))
        {
            return ClassProblem.NotAModule;
        }

        return AndAround(type).Any(static t => t.TypeParameters.Length > 0) ? ClassProblem.Generic : ClassProblem.None;
    }

    /// <summary>
    /// The attribute that brings the class in: its own, else that of its first annotated member; null where there is none. A class is
    /// emitted for exactly this one, whatever else is annotated.
    /// </summary>
    public static AttributeData? Trigger(INamedTypeSymbol type, KnownTypes known) =>
        KnownTypes.Attribute(type, known.SparseAttribute)
        ?? type.GetMembers().Select(member => KnownTypes.Attribute(member, known.SparseAttribute)).FirstOrDefault(a => a is not null);

    /// <summary>Whether a class is emitted: a sound class whose own attribute, if it has one, is valid.</summary>
    public static bool IsEmitted(INamedTypeSymbol type, KnownTypes known) =>
        HasName(type)
        && ProblemOf(type, known) == ClassProblem.None
        && Trigger(type, known) is not null
        && (KnownTypes.Attribute(type, known.SparseAttribute) is not { } own || OptionsReader.Read(own) is { IsValid: true });

    /// <summary>While it is being typed, a class has none, or a type or namespace around it.</summary>
    private static bool HasName(INamedTypeSymbol type)
    {
        for (ISymbol? s = type; s is INamedTypeSymbol or INamespaceSymbol { IsGlobalNamespace: false }; s = s.ContainingSymbol)
        {
            if (s.Name.Length == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>How the class can be reopened, or null where it or a type around it is not partial.</summary>
    public static PartialSpec? PartialOf(INamedTypeSymbol type, KnownTypes known, CancellationToken cancellation)
    {
        if (!CanBeReopened(type, cancellation) || type.Interfaces.Any(i => KnownTypes.Same(i, known.SparseModel)))
        {
            return null;
        }

        ModuleOverrides overrides = ModuleOverrides.Of(type, known);
        string space = type.ContainingNamespace is { IsGlobalNamespace: false } ns
            ? ns.ToDisplayString(SourceName)
            : "";
        return new PartialSpec(
            space,
            new EquatableArray<string>(AndAround(type).Reverse().Select(static t => Keyword(t) + " " + Identifiers.Escape(t.Name))),
            overrides.StateDict,
            overrides.Registration,
            overrides.Refused,
            type.IsSealed ? null : OwnMembersName(type),
            BaseOwnMembers(type, known, cancellation));
    }

    /// <summary>Whether the class can be given another part in another file.</summary>
    public static bool CanBeReopened(INamedTypeSymbol type, CancellationToken cancellation) =>
        ClosedTypes(type, cancellation).Count == 0 && !IsFileLocal(type);

    public static bool IsFileLocal(INamedTypeSymbol type) => AndAround(type).Any(static t => t.IsFileLocal);

    /// <summary>The class and the types around it that are not partial, outermost first.</summary>
    public static IReadOnlyList<INamedTypeSymbol> ClosedTypes(INamedTypeSymbol type, CancellationToken cancellation) =>
        [.. AndAround(type).Reverse().Where(t => !t.DeclaringSyntaxReferences.All(reference =>
            reference.GetSyntax(cancellation) is TypeDeclarationSyntax declaration
            && declaration.Modifiers.Any(SyntaxKind.PartialKeyword)))];

    private static IEnumerable<INamedTypeSymbol> AndAround(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? t = type; t is not null; t = t.ContainingType)
        {
            yield return t;
        }
    }

    private static string Keyword(INamedTypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Interface } => "interface",
        { TypeKind: TypeKind.Struct, IsRecord: true } => "record struct",
        { TypeKind: TypeKind.Struct } => "struct",
        { IsRecord: true } => "record",
        _ => "class",
    };

    private static string OwnMembersName(INamedTypeSymbol type) => "NMSparse_" + Identifiers.Hash(Identifiers.MetadataName(type));

    /// <summary>
    /// The nearest base class whose layers the emitted part of a derived class has to list as well: an interface implemented again
    /// hides what the base said.
    /// </summary>
    private static string? BaseOwnMembers(INamedTypeSymbol type, KnownTypes known, CancellationToken cancellation)
    {
        for (INamedTypeSymbol? t = type.BaseType; t is not null && known.IsModule(t); t = t.BaseType)
        {
            string name = OwnMembersName(t);
            bool emitted = t.DeclaringSyntaxReferences.Length > 0
                ? IsEmitted(t, known) && PartialOf(t, known, cancellation) is not null
                : t.GetMembers(name + "_Sparse").Length > 0;
            if (emitted)
            {
                return name;
            }
        }

        return null;
    }
}
