using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace BiMaskGen.Generators.Parsing;

/// <summary>Where the value of a local, field, property or parameter comes from, if it can come from one place only.</summary>
internal sealed class ValueOrigins(Compilation compilation, CancellationToken cancellation)
{
    /// <summary>The one expression that gives the value which a reference reads, or null.</summary>
    public IOperation? Of(IOperation reference) => reference switch
    {
        ILocalReferenceOperation local => IsWrittenOnce(local.Local) ? Operation(Initializer(local.Local)) : null,
        IFieldReferenceOperation { Field: { IsStatic: true } field } => field.IsConst || field.IsReadOnly ? StaticValue(field, reference) : null,
        IPropertyReferenceOperation property when Body(property.Property) is { } body => Operation(body),
        IPropertyReferenceOperation { Property: { IsStatic: true, SetMethod: null } property } => StaticValue(property, reference),
        IMemberReferenceOperation { Instance: IInstanceReferenceOperation } member => InstanceValue(member),
        _ => null,
    };

    /// <summary>Whether a constructor's parameter keeps the argument that it was given.</summary>
    public bool KeepsArgument(IParameterSymbol parameter) => !parameter.ContainingSymbol.DeclaringSyntaxReferences
        .Any(reference => Writes(reference.GetSyntax(cancellation), parameter.Name));

    private IOperation? StaticValue(ISymbol member, IOperation reference)
    {
        if (Initializer(member) is not { } initializer)
        {
            return null;
        }

        bool constant = member is IFieldSymbol { IsConst: true };
        return constant || !(IsInStaticConstructor(member) || IsReadTooEarly(member, reference, initializer)) ? Operation(initializer) : null;
    }

    private bool IsInStaticConstructor(ISymbol member) => member.ContainingType.StaticConstructors
        .SelectMany(static constructor => constructor.DeclaringSyntaxReferences)
        .SelectMany(reference => reference.GetSyntax(cancellation).DescendantNodes().OfType<IdentifierNameSyntax>())
        .Any(name => name.Identifier.ValueText == member.Name);

    /// <summary>Static initialisers run in the order of the text: one that stands before what it reads sees zero.</summary>
    private bool IsReadTooEarly(ISymbol member, IOperation reference, ExpressionSyntax initializer)
    {
        SyntaxNode? reader = reference.Syntax.Ancestors().FirstOrDefault(static node =>
            node is VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax } or PropertyDeclarationSyntax { Initializer: not null });
        return reader is not null
            && reference.SemanticModel?.GetDeclaredSymbol(reader, cancellation) is { IsStatic: true } symbol
            && KnownTypes.Same(symbol.ContainingType, member.ContainingType)
            && (reader.SyntaxTree != initializer.SyntaxTree || reader.SpanStart < initializer.SpanStart);
    }

    /// <summary>The body of a property that is nothing but an expression.</summary>
    private ExpressionSyntax? Body(IPropertySymbol property) =>
        property is { SetMethod: null, IsVirtual: false, IsAbstract: false, IsOverride: false }
            ? (property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) as PropertyDeclarationSyntax)?.ExpressionBody?.Expression
            : null;

    /// <summary>The value of a readonly field or get-only property of this object that is set once, and before it is read.</summary>
    private IOperation? InstanceValue(IMemberReferenceOperation reference)
    {
        bool isFixed = reference.Member
            is IFieldSymbol { IsReadOnly: true } or IPropertySymbol { SetMethod: null, IsVirtual: false, IsAbstract: false, IsOverride: false };
        if (!isFixed || new ClassCode(reference.Member.ContainingType, compilation, cancellation) is not { Sources.Count: > 0 } code)
        {
            return null;
        }

        IReadOnlyList<AssignedValue> values = new Assignments(code, new HashSet<string> { reference.Member.Name }, cancellation).Of(reference.Member);
        return values.Count == 1 && values[0].Expression is { } value && RunsBefore(value, reference.Syntax)
            ? values[0].Model.GetOperation(value, cancellation)
            : null;
    }

    /// <summary>Whether a value is set for certain before a place is reached: by an initialiser, or earlier on the top level of its constructor.</summary>
    private static bool RunsBefore(ExpressionSyntax value, SyntaxNode place)
    {
        if (value.Parent is EqualsValueClauseSyntax)
        {
            return true;
        }

        ConstructorDeclarationSyntax? constructor = value.FirstAncestorOrSelf<ConstructorDeclarationSyntax>();
        return constructor is not null
            && constructor == place.FirstAncestorOrSelf<ConstructorDeclarationSyntax>()
            && value.FirstAncestorOrSelf<ExpressionStatementSyntax>()?.Parent == constructor.Body
            && value.Span.End <= place.SpanStart;
    }

    private bool IsWrittenOnce(ILocalSymbol local) =>
        local.IsConst
        || (Initializer(local)?.FirstAncestorOrSelf<MemberDeclarationSyntax>(static node => node is not GlobalStatementSyntax) is { } member
            && !Writes(member, local.Name));

    /// <summary>Whether code gives a variable of this name another value.</summary>
    public static bool Writes(SyntaxNode node, string name) =>
        node.DescendantNodes().OfType<IdentifierNameSyntax>().Any(mention => mention.Identifier.ValueText == name && IsWritten(mention));

    private static bool IsWritten(IdentifierNameSyntax name) => name.Parent switch
    {
        AssignmentExpressionSyntax assignment => assignment.Left == name,
        PrefixUnaryExpressionSyntax prefix => prefix.IsKind(SyntaxKind.PreIncrementExpression) || prefix.IsKind(SyntaxKind.PreDecrementExpression),
        PostfixUnaryExpressionSyntax postfix => !postfix.IsKind(SyntaxKind.SuppressNullableWarningExpression),
        ArgumentSyntax argument => !argument.RefKindKeyword.IsKind(SyntaxKind.None) || IsTarget(argument),
        RefExpressionSyntax => true,
        _ => false,
    };

    /// <summary>Whether an element of a tuple takes a value.</summary>
    private static bool IsTarget(ArgumentSyntax argument)
    {
        SyntaxNode? node = argument.Parent;
        while (node is TupleExpressionSyntax { Parent: ArgumentSyntax { Parent: TupleExpressionSyntax outer } })
        {
            node = outer;
        }

        return node is TupleExpressionSyntax { Parent: AssignmentExpressionSyntax assignment } && assignment.Left == node;
    }

    private ExpressionSyntax? Initializer(ISymbol symbol) => symbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) switch
    {
        VariableDeclaratorSyntax variable => variable.Initializer?.Value,
        PropertyDeclarationSyntax property => property.Initializer?.Value,
        _ => null,
    };

    private IOperation? Operation(SyntaxNode? node) => node is not null && compilation.ContainsSyntaxTree(node.SyntaxTree)
        ? SemanticModels.Of(compilation, node.SyntaxTree).GetOperation(node, cancellation)
        : null;
}
