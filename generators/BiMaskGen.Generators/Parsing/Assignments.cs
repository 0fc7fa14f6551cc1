using System.Collections.Generic;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.Generators.Parsing;

/// <summary>
/// All values that a class puts into some of its fields and properties: initialisers, assignments, deconstructions. Looks at names before
/// it asks what they mean: to bind the code around an assignment costs far more than all else here.
/// </summary>
internal sealed class Assignments
{
    private readonly Dictionary<ISymbol, List<AssignedValue>> _values = new(SymbolEqualityComparer.Default);
    private readonly ClassCode _code;
    private readonly ISet<string> _names;
    private readonly CancellationToken _cancellation;

    /// <summary>Reads the assignments to members of these names.</summary>
    public Assignments(ClassCode code, ISet<string> names, CancellationToken cancellation)
    {
        _code = code;
        _names = names;
        _cancellation = cancellation;
        foreach (CodePlace place in code.Writes)
        {
            cancellation.ThrowIfCancellationRequested();
            Read(place.Node, place.Model);
        }
    }

    public IReadOnlyList<AssignedValue> Of(ISymbol member) => _values.TryGetValue(member, out List<AssignedValue>? values) ? values : [];

    private void Read(SyntaxNode node, SemanticModel model)
    {
        switch (node)
        {
            case VariableDeclaratorSyntax { Initializer: { } initializer } field when _names.Contains(field.Identifier.ValueText):
                Add(Declared(field, field.Identifier.ValueText, model), initializer.Value, model);
                break;
            case PropertyDeclarationSyntax { Initializer: { } initializer } property when _names.Contains(property.Identifier.ValueText):
                Add(Declared(property, property.Identifier.ValueText, model), initializer.Value, model);
                break;
            case AssignmentExpressionSyntax assignment:
                Assign(assignment.Left, assignment.Right, model);
                break;
            case ArgumentSyntax argument:
                Add(Member(argument.Expression, model), null, model);
                break;
            case RefExpressionSyntax reference:
                Add(Member(reference.Expression, model), null, model);
                break;
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

    /// <summary>The class's only member of the name if it is declared here, else what the compiler says: a nested type can have one of the same name.</summary>
    private ISymbol? Declared(SyntaxNode declaration, string name, SemanticModel model) =>
        _code.Type.GetMembers(name) is { Length: 1 } members && members[0].DeclaringSyntaxReferences is { Length: 1 } references
        && references[0].SyntaxTree == declaration.SyntaxTree && references[0].Span == declaration.Span
            ? members[0]
            : model.GetDeclaredSymbol(declaration, _cancellation);

    private ISymbol? Member(ExpressionSyntax expression, SemanticModel model)
    {
        ExpressionSyntax target = Syntax.Strip(expression);
        return Syntax.Name(target) is { } name && _names.Contains(name)
            ? _code.Member(target) ?? model.GetSymbolInfo(target, _cancellation).Symbol
            : null;
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
