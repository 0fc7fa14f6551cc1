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
/// The code of one class, all its declarations. Says what a name means wherever the text alone decides it: to ask the compiler, it has to bind the
/// code around the name, and the compilation that comes after binds all of it again.
/// </summary>
internal sealed class ClassCode
{
    // Rules on several threads share one reading.
    private readonly ConcurrentDictionary<(SyntaxNode Declaration, string Name), IReadOnlyList<IMethodSymbol>> _functions = new();

    public ClassCode(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation)
    {
        Type = type;
        Sources = Syntax.Declarations(type, compilation, cancellation);
    }

    public INamedTypeSymbol Type { get; }

    /// <summary>Its declarations.</summary>
    public IReadOnlyList<ClassSource> Sources { get; }

    /// <summary>The places of <see cref="ClassText.Writes"/>.</summary>
    public IEnumerable<CodePlace> Writes => Places(static text => text.Writes);

    /// <summary>The places of <see cref="ClassText.Calls"/>.</summary>
    public IEnumerable<CodePlace> Calls => Places(static text => text.Calls);

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

    private bool IsLocal(string name, SyntaxNode? member) => Sources.Any(source => source.Text.IsLocal(name, member));

    private IEnumerable<CodePlace> Places(Func<ClassText, IEnumerable<SyntaxNode>> nodes) =>
        Sources.SelectMany(source => nodes(source.Text).Select(node => new CodePlace(node, source.Model)));

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
}
