using System.Collections.Generic;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.Generators.Parsing;

/// <summary>
/// All values that a class puts into some of its fields and properties: initialisers, assignments, deconstructions. Looks at names before
/// it asks what they mean: to bind the code around an assignment costs far more than all else here.
/// </summary>
internal sealed class Assignments
{
    private readonly Dictionary<ISymbol, List<AssignedValue>> _values = new(SymbolEqualityComparer.Default);
    private readonly ISet<string> _names;
    private readonly CancellationToken _cancellation;

    /// <summary>Reads the assignments to members of these names.</summary>
    public Assignments(IReadOnlyList<ClassSource> sources, ISet<string> names, CancellationToken cancellation)
    {
        _names = names;
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
                case VariableDeclaratorSyntax { Initializer: { } initializer, Parent.Parent: FieldDeclarationSyntax } field
                    when _names.Contains(field.Identifier.ValueText):
                    Add(model.GetDeclaredSymbol(node, _cancellation), initializer.Value, model);
                    break;
                case PropertyDeclarationSyntax { Initializer: { } initializer } property when _names.Contains(property.Identifier.ValueText):
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

    private ISymbol? Member(ExpressionSyntax expression, SemanticModel model)
    {
        ExpressionSyntax target = Syntax.Strip(expression);
        return Syntax.Name(target) is { } name && _names.Contains(name) ? model.GetSymbolInfo(target, _cancellation).Symbol : null;
    }

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
