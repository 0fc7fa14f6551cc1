using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.Generators.Parsing;

/// <summary>A node of a class's code, with what its file means.</summary>
internal readonly record struct CodePlace(SyntaxNode Node, SemanticModel Model);

/// <summary>
/// The code of one class, walked once for all readers. Says what a name means wherever the text alone decides it: to ask the compiler, it has
/// to bind the code around the name, and the compilation that comes after binds all of it again.
/// </summary>
internal sealed class ClassCode
{
    // Rules on several threads share one reading.
    private readonly ConcurrentDictionary<(SyntaxNode Declaration, string Name), IReadOnlyList<IMethodSymbol>> _functions = new();

    // Names that code declares, with the member of the class that they are declared in; null for those in all of them.
    private readonly HashSet<(SyntaxNode? Member, string Name)> _locals = [];
    private readonly List<CodePlace> _writes = [], _calls = [];

    public ClassCode(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation)
    {
        Type = type;
        Sources = Syntax.Declarations(type, compilation, cancellation);
        foreach (ClassSource source in Sources)
        {
            cancellation.ThrowIfCancellationRequested();
            Walk(source);
        }
    }

    public INamedTypeSymbol Type { get; }

    /// <summary>Its declarations.</summary>
    public IReadOnlyList<ClassSource> Sources { get; }

    /// <summary>Where values are given to something, or could be: initialisers, assignments, references. Of nested types too: they can write private members.</summary>
    public IReadOnlyList<CodePlace> Writes => _writes;

    /// <summary>What <see cref="LayerCallFinder.IsCandidate"/> takes; not of nested types, whose calls come from another class.</summary>
    public IReadOnlyList<CodePlace> Calls => _calls;

    /// <summary>Whether the class's own text names the type dynamic.</summary>
    public bool NamesDynamic { get; private set; }

    /// <summary>The class's own field or property that an expression names; null where it names none, or where the text does not decide it.</summary>
    public ISymbol? Member(ExpressionSyntax expression)
    {
        IdentifierNameSyntax? name = expression switch
        {
            IdentifierNameSyntax simple when !IsOfAnotherObject(simple) => simple,
            MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: IdentifierNameSyntax own } => own,
            _ => null,
        };
        return name is not null && Place(expression) is var (declaration, member) && declaration is not null
            && (name != expression || !IsLocal(name.Identifier.ValueText, member))
                ? Member(name.Identifier.ValueText)
                : null;
    }

    /// <summary>Its only field or property of a name, if it is no name of a type as well.</summary>
    public ISymbol? Member(string name) => Type.GetMembers(name) is { Length: 1 } members
        ? members[0] switch
        {
            IFieldSymbol field when field.Type.Name != name => field,
            IPropertySymbol { IsIndexer: false } property when property.Type.Name != name => property,
            _ => null,
        }
        : null;

    /// <summary>The methods among which a call by a simple name chooses; none where the text does not decide it.</summary>
    public IReadOnlyList<IMethodSymbol> Functions(InvocationExpressionSyntax call, SemanticModel model)
    {
        (ClassDeclarationSyntax? declaration, SyntaxNode? member) = Place(call);
        if (call.Expression is not IdentifierNameSyntax { Identifier.ValueText: var name } || IsLocal(name, member)
            || declaration is not { OpenBraceToken.IsMissing: false })
        {
            return [];
        }

        if (!_functions.TryGetValue((declaration, name), out IReadOnlyList<IMethodSymbol>? methods))
        {
            // A type of that name beside the methods cannot be called, so it does not count; a field or a property can be.
            ISymbol[] symbols = [.. model.LookupSymbols(declaration.OpenBraceToken.Span.End, name: name).Where(static symbol => symbol is not ITypeSymbol)];
            methods = symbols.All(static symbol => symbol is IMethodSymbol) ? [.. symbols.Cast<IMethodSymbol>()] : [];
            _functions.TryAdd((declaration, name), methods);
        }

        return methods;
    }

    private bool IsLocal(string name, SyntaxNode? member) => _locals.Contains((member, name)) || _locals.Contains((null, name));

    /// <summary>The declaration whose own code a node is, and the member that it stands in; no declaration for the code of a nested type.</summary>
    private (ClassDeclarationSyntax? Declaration, SyntaxNode? Member) Place(SyntaxNode node)
    {
        SyntaxNode? member = null;
        SyntaxNode? around = node;
        for (; around is not null and not BaseTypeDeclarationSyntax; around = around.Parent)
        {
            member = around;
        }

        foreach (ClassSource source in Sources)
        {
            if (source.Declaration == around)
            {
                return (source.Declaration, member);
            }
        }

        return (null, null);
    }

    /// <summary>Whether a name stands on the left in the braces of <c>new X { name = … }</c>.</summary>
    private static bool IsOfAnotherObject(IdentifierNameSyntax name) =>
        name.Parent is AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } assignment && assignment.Left == name;

    private void Walk(ClassSource source)
    {
        int nestedEnd = 0;
        SyntaxNode? member = null;
        foreach (SyntaxNode node in source.Declaration.DescendantNodes())
        {
            if (node.Parent == source.Declaration)
            {
                member = node as MemberDeclarationSyntax; // Parameters of the class itself are no member's.
            }

            switch (node.Kind())
            {
                case SyntaxKind.ClassDeclaration or SyntaxKind.StructDeclaration or SyntaxKind.InterfaceDeclaration or SyntaxKind.EnumDeclaration
                    or SyntaxKind.RecordDeclaration or SyntaxKind.RecordStructDeclaration:
                    nestedEnd = Math.Max(nestedEnd, node.Span.End);
                    break;
                case SyntaxKind.SimpleMemberAccessExpression or SyntaxKind.MemberBindingExpression
                    when node.SpanStart >= nestedEnd && LayerCallFinder.IsCandidate(node):
                    _calls.Add(new CodePlace(node, source.Model));
                    break;
                case SyntaxKind.RefExpression:
                case SyntaxKind.Argument when ((ArgumentSyntax)node).RefKindKeyword.Kind() is SyntaxKind.RefKeyword or SyntaxKind.OutKeyword:
                case SyntaxKind.PropertyDeclaration when ((PropertyDeclarationSyntax)node).Initializer is not null:
                case SyntaxKind.VariableDeclarator when node.Parent?.Parent is BaseFieldDeclarationSyntax:
                    _writes.Add(new CodePlace(node, source.Model));
                    break;
                case SyntaxKind.IdentifierName when ((IdentifierNameSyntax)node).Identifier.ValueText == "dynamic":
                    NamesDynamic = true;
                    break;
                default:
                    if (node is AssignmentExpressionSyntax)
                    {
                        _writes.Add(new CodePlace(node, source.Model));
                    }
                    else if (DeclaredName(node) is { } name)
                    {
                        _locals.Add((member, name));
                    }

                    break;
            }
        }
    }

    /// <summary>The name that a node inside a member declares.</summary>
    private static string? DeclaredName(SyntaxNode node) => node.Kind() switch
    {
        SyntaxKind.VariableDeclarator => ((VariableDeclaratorSyntax)node).Identifier.ValueText,
        SyntaxKind.Parameter => ((ParameterSyntax)node).Identifier.ValueText,
        SyntaxKind.SingleVariableDesignation => ((SingleVariableDesignationSyntax)node).Identifier.ValueText,
        SyntaxKind.ForEachStatement => ((ForEachStatementSyntax)node).Identifier.ValueText,
        SyntaxKind.CatchDeclaration => ((CatchDeclarationSyntax)node).Identifier.ValueText,
        SyntaxKind.LocalFunctionStatement => ((LocalFunctionStatementSyntax)node).Identifier.ValueText,
        SyntaxKind.TypeParameter => ((TypeParameterSyntax)node).Identifier.ValueText,
        SyntaxKind.FromClause => ((FromClauseSyntax)node).Identifier.ValueText,
        SyntaxKind.LetClause => ((LetClauseSyntax)node).Identifier.ValueText,
        SyntaxKind.JoinClause => ((JoinClauseSyntax)node).Identifier.ValueText,
        SyntaxKind.JoinIntoClause => ((JoinIntoClauseSyntax)node).Identifier.ValueText,
        SyntaxKind.QueryContinuation => ((QueryContinuationSyntax)node).Identifier.ValueText,
        _ => null,
    };
}
