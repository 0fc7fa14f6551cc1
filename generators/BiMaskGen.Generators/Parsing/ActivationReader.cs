using System.Linq;
using System.Threading;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace BiMaskGen.Generators.Parsing;

/// <summary>An activation call whose tensor is another call's result.</summary>
internal readonly record struct ActivationCall(InvocationExpressionSyntax Invocation, string Activation, ActivationCallSpec Spec);

/// <summary>Recognises <c>relu(fc.call(x))</c> and <c>fc.call(x).relu()</c>, gelu likewise: what is written directly around a call.</summary>
internal static class ActivationReader
{
    public static ActivationCall? Around(
        InvocationExpressionSyntax inner, KnownTypes known, SemanticModel model, CancellationToken cancellation)
    {
        ExpressionSyntax expression = Syntax.Unstrip(inner);
        return expression.Parent switch
        {
            ArgumentSyntax { RefKindKeyword.RawKind: 0, Parent.Parent: InvocationExpressionSyntax outer } argument
                => Function(outer, argument, known, model, cancellation),
            MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax outer } access
                when access.Expression == expression && outer.Expression == access
                => Method(outer, known, model, cancellation),
            _ => null,
        };
    }

    private static ActivationCall? Function(
        InvocationExpressionSyntax outer, ArgumentSyntax argument, KnownTypes known, SemanticModel model, CancellationToken cancellation)
    {
        if (model.GetOperation(outer, cancellation) is not IInvocationOperation { TargetMethod: { IsStatic: true } method } call
            || Place(method.ContainingType, known) is not { } place
            || method.Parameters.Length == 0 || !KnownTypes.Same(method.Parameters[0].Type, known.Tensor)
            || !call.Arguments.Any(a => a.Parameter?.Ordinal == 0 && argument.Span.Contains(a.Syntax.Span)))
        {
            return null;
        }

        return Recognise(call, place, known);
    }

    private static ActivationCall? Method(
        InvocationExpressionSyntax outer, KnownTypes known, SemanticModel model, CancellationToken cancellation) =>
        model.GetOperation(outer, cancellation) is IInvocationOperation { TargetMethod: { IsStatic: false } method } call
        && KnownTypes.Same(method.ContainingType, known.Tensor)
            ? Recognise(call, "method", known)
            : null;

    private static string? Place(INamedTypeSymbol type, KnownTypes known) =>
        KnownTypes.Same(type, known.Functional) ? "functional" : KnownTypes.Same(type, known.Torch) ? "torch" : null;

    private static ActivationCall? Recognise(IInvocationOperation call, string place, KnownTypes known)
    {
        IMethodSymbol method = call.TargetMethod;
        string? activation = method.Name switch { "relu" => "Relu", "gelu" => "Gelu", _ => null };
        if (activation is null || !KnownTypes.Same(method.ReturnType, known.Tensor) || !call.Arguments.All(IsHarmless))
        {
            return null;
        }

        string[] parameters = [.. method.Parameters.Skip(method.IsStatic ? 1 : 0)
            .Select(static parameter => parameter.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat))];
        ActivationCallSpec spec = new($"{method.Name}_{place}", !method.IsStatic, new(parameters), default);
        return new ActivationCall((InvocationExpressionSyntax)call.Syntax, activation, spec);
    }

    /// <summary>Whether the function stays what the fused product computes: gelu's approximation must be the constant none.</summary>
    private static bool IsHarmless(IArgumentOperation argument) => argument.Parameter switch
    {
        { Ordinal: 0, ContainingSymbol.IsStatic: true } => true,
        { Type.SpecialType: SpecialType.System_Boolean } => true,
        { Type: INamedTypeSymbol { TypeKind: TypeKind.Enum, Name: "Approximate" } approximate } =>
            argument.Value.ConstantValue is { HasValue: true, Value: { } value }
            && approximate.GetMembers("none").OfType<IFieldSymbol>().Any(none => value.Equals(none.ConstantValue)),
        _ => false,
    };
}
