using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.Generators.Parsing;

/// <summary>
/// The nodes of a class declaration that readers look at, found in one walk. They are text alone, so they hold for every compilation that the file
/// is in: a keystroke elsewhere walks nothing again, and analyzers find what the generator has walked.
/// </summary>
internal sealed class ClassText
{
    private static readonly ConditionalWeakTable<ClassDeclarationSyntax, ClassText> s_ofDeclaration = new();

    // Names that code declares, with the member of the class that they are declared in; null for those in all of them.
    private readonly HashSet<(SyntaxNode? Member, string Name)> _locals = [];
    private readonly List<SyntaxNode> _writes = [];
    private readonly List<ExpressionSyntax> _calls = [];

    private ClassText(ClassDeclarationSyntax declaration) => Walk(declaration);

    /// <summary>Where values are given to something, or could be: initialisers, assignments, references. Of nested types too: they can write private members.</summary>
    public IReadOnlyList<SyntaxNode> Writes => _writes;

    /// <summary>What <see cref="LayerCallFinder.IsCandidate"/> takes; not of nested types, whose calls come from another class.</summary>
    public IReadOnlyList<ExpressionSyntax> Calls => _calls;

    public static ClassText Of(ClassDeclarationSyntax declaration) => s_ofDeclaration.GetValue(declaration, static key => new ClassText(key));

    /// <summary>Whether a name can mean a local, a parameter or the like in the code of a member.</summary>
    public bool IsLocal(string name, SyntaxNode? member) => _locals.Contains((member, name)) || _locals.Contains((null, name));

    private void Walk(ClassDeclarationSyntax declaration)
    {
        int nestedEnd = 0;
        SyntaxNode? member = null;
        foreach (SyntaxNode node in declaration.DescendantNodes())
        {
            if (node.Parent == declaration)
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
                    _calls.Add((ExpressionSyntax)node);
                    break;
                case SyntaxKind.RefExpression:
                case SyntaxKind.Argument when ((ArgumentSyntax)node).RefKindKeyword.Kind() is SyntaxKind.RefKeyword or SyntaxKind.OutKeyword:
                case SyntaxKind.PropertyDeclaration when ((PropertyDeclarationSyntax)node).Initializer is not null:
                case SyntaxKind.VariableDeclarator when node.Parent?.Parent is BaseFieldDeclarationSyntax:
                    _writes.Add(node);
                    break;
                default:
                    if (node is AssignmentExpressionSyntax)
                    {
                        _writes.Add(node);
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
