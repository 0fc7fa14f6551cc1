using System.Collections.Generic;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.Generators.Parsing;

/// <summary>All values that a class puts into its fields and properties: initialisers, assignments, deconstructions.</summary>
internal sealed class Assignments
{
    private readonly Dictionary<ISymbol, List<AssignedValue>> _values = new(SymbolEqualityComparer.Default);
    private readonly CancellationToken _cancellation;

    public Assignments(IReadOnlyList<ClassSource> sources, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        foreach (ClassSource source in sources)
        {
            Read(source.Declaration, source.Model);
        }
    }

    public IReadOnlyList<AssignedValue> Of(ISymbol member) => _values.TryGetValue(member, out List<AssignedValue>? values) ? values : [];

    private void Read(ClassDeclarationSyntax declaration, SemanticModel model)
    {
        // Nested types are read too: they can write private members.
        foreach (SyntaxNode node in declaration.DescendantNodes())
        {
            _cancellation.ThrowIfCancellationRequested();
            switch (node)
            {
                case VariableDeclaratorSyntax { Initializer: { } initializer, Parent.Parent: FieldDeclarationSyntax }:
                    Add(model.GetDeclaredSymbol(node, _cancellation), initializer.Value, model);
                    break;
                case PropertyDeclarationSyntax { Initializer: { } initializer }:
                    Add(model.GetDeclaredSymbol(node, _cancellation), initializer.Value, model);
                    break;
                case AssignmentExpressionSyntax assignment:
                    Assign(assignment.Left, assignment.Right, model);
                    break;
                case ArgumentSyntax argument when argument.RefKindKeyword.Kind() is SyntaxKind.RefKeyword or SyntaxKind.OutKeyword:
                    Add(Member(argument.Expression, model), null, model);
                    break;
                case RefExpressionSyntax reference:
                    Add(Member(reference.Expression, model), null, model);
                    break;
            }
        }
    }

    private void Assign(ExpressionSyntax left, ExpressionSyntax? right, SemanticModel model)
    {
        if (Syntax.Strip(left) is not TupleExpressionSyntax targets)
        {
            Add(Member(left, model), right, model);
            return;
        }

        TupleExpressionSyntax? values = right is null ? null : Syntax.Strip(right) as TupleExpressionSyntax;
        for (int i = 0; i < targets.Arguments.Count; i++)
        {
            bool paired = values is not null && values.Arguments.Count == targets.Arguments.Count;
            Assign(targets.Arguments[i].Expression, paired ? values!.Arguments[i].Expression : null, model);
        }
    }

    private ISymbol? Member(ExpressionSyntax expression, SemanticModel model) =>
        model.GetSymbolInfo(Syntax.Strip(expression), _cancellation).Symbol;

    private void Add(ISymbol? member, ExpressionSyntax? value, SemanticModel model)
    {
        if (member is not (IFieldSymbol or IPropertySymbol))
        {
            return;
        }

        if (!_values.TryGetValue(member, out List<AssignedValue>? values))
        {
            _values.Add(member, values = []);
        }

        values.Add(new AssignedValue(value, model));
    }
}

/// <summary>A value given to a member; no expression where it comes by reference or by a deconstruction.</summary>
internal readonly record struct AssignedValue(ExpressionSyntax? Expression, SemanticModel Model);
