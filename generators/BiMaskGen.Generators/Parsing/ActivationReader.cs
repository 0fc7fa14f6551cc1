using System.Collections.Generic;
using System.Linq;
using System.Threading;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace BiMaskGen.Generators.Parsing;

/// <summary>A call whose tensor is another call's result, of an activation or of what changes nothing.</summary>
/// <param name="Invocation">The call.</param>
/// <param name="Activation">A name of <c>BiMaskGen.Kernels.Activation</c>; <see cref="ActivationReader.Nothing"/> for a dropout that drops nothing.</param>
/// <param name="Spec">How it is passed through.</param>
internal readonly record struct ActivationCall(InvocationExpressionSyntax Invocation, string Activation, ActivationCallSpec Spec);

/// <summary>Recognises <c>relu(fc.call(x))</c> and <c>fc.call(x).relu()</c>, gelu and silu likewise: what is written directly around a call.</summary>
internal sealed class ActivationReader(KnownTypes known, ClassCode code, CancellationToken cancellation)
{
    /// <summary>What a call is that hands on its tensor as it is.</summary>
    public const string Nothing = "None";

    /// <summary>
    /// The calls around one, from the inside out, up to the activation that can be fused into it; empty where there is none. <c>dropout(x, 0)</c> in
    /// between drops nothing, in torch either, so it is no reason to compute twice.
    /// </summary>
    public IReadOnlyList<ActivationCall> Fused(InvocationExpressionSyntax inner, SemanticModel model)
    {
        List<ActivationCall> calls = [];
        while (Around(inner, model) is { } call)
        {
            calls.Add(call);
            if (call.Activation != Nothing)
            {
                return calls;
            }

            inner = call.Invocation;
        }

        return [];
    }

    private ActivationCall? Around(InvocationExpressionSyntax inner, SemanticModel model)
    {
        ExpressionSyntax expression = Syntax.Unstrip(inner);
        return expression.Parent switch
        {
            ArgumentSyntax { RefKindKeyword.RawKind: 0, Parent.Parent: InvocationExpressionSyntax outer } argument when Name(outer) is { } name
                => Recognise(outer, name, PlainFunction(outer, model) ?? Function(outer, argument, model)),
            MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax outer } access
                when access.Expression == expression && outer.Expression == access && Name(outer) is { } name
                => Recognise(outer, name, PlainMethod(outer, access) ?? Method(outer, model)),
            _ => null,
        };
    }

    /// <summary>The activation that the runtime knows by the called name, or null.</summary>
    private static string? Name(InvocationExpressionSyntax call) => Syntax.Name(call.Expression) switch { "relu" => "Relu", "gelu" => "Gelu", "silu" => "Silu", "dropout" => Nothing, _ => null };

    /// <summary>torch's function of one tensor, where the text leaves no other: of two overloads the one without further parameters.</summary>
    private IMethodSymbol? PlainFunction(InvocationExpressionSyntax outer, SemanticModel model)
    {
        if (outer.ArgumentList.Arguments is not { Count: 1 } arguments || arguments[0].NameColon is not null)
        {
            return null;
        }

        List<IMethodSymbol> takers = [.. code.Functions(outer, model).Where(static method =>
            method.Parameters.Length > 0 && method.Parameters.Skip(1).All(static parameter => parameter.HasExplicitDefaultValue))];
        if (takers.Count > 1)
        {
            takers.RemoveAll(static method => method.Parameters.Length > 1);
        }

        return takers.Count == 1 && takers[0] is { IsStatic: true, IsGenericMethod: false } method && Place(method) is not null
            && KnownTypes.Same(method.Parameters[0].Type, known.Tensor) && DefaultsAreHarmless(method.Parameters, from: 1)
                ? method
                : null;
    }

    private IMethodSymbol? PlainMethod(InvocationExpressionSyntax outer, MemberAccessExpressionSyntax access) =>
        outer.ArgumentList.Arguments.Count == 0 && access.Name is IdentifierNameSyntax { Identifier.ValueText: var name }
        && known.Methods.OfTensor(name) is { } method && DefaultsAreHarmless(method.Parameters, from: 0)
            ? method
            : null;

    private IMethodSymbol? Function(InvocationExpressionSyntax outer, ArgumentSyntax argument, SemanticModel model) =>
        model.GetOperation(outer, cancellation) is IInvocationOperation { TargetMethod: { IsStatic: true } method } call
        && Place(method) is not null
        && method.Parameters.Length > 0 && KnownTypes.Same(method.Parameters[0].Type, known.Tensor)
        && call.Arguments.Any(a => a.Parameter?.Ordinal == 0 && argument.Span.Contains(a.Syntax.Span))
        && call.Arguments.All(IsHarmless)
            ? method
            : null;

    private IMethodSymbol? Method(InvocationExpressionSyntax outer, SemanticModel model) =>
        model.GetOperation(outer, cancellation) is IInvocationOperation { TargetMethod: { IsStatic: false } method } call
        && KnownTypes.Same(method.ContainingType, known.Tensor)
        && call.Arguments.All(IsHarmless)
            ? method
            : null;

    private string? Place(IMethodSymbol method) => !method.IsStatic ? "method"
        : KnownTypes.Same(method.ContainingType, known.Functional) ? "functional"
        : KnownTypes.Same(method.ContainingType, known.Torch) ? "torch"
        : null;

    private ActivationCall? Recognise(InvocationExpressionSyntax call, string activation, IMethodSymbol? method)
    {
        if (method is null || !KnownTypes.Same(method.ReturnType, known.Tensor))
        {
            return null;
        }

        IEnumerable<string> parameters = method.Parameters.Skip(method.IsStatic ? 1 : 0)
            .Select(static parameter => parameter.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat));
        ActivationCallSpec spec = new($"{method.Name}_{Place(method)}", !method.IsStatic, new(parameters), default);
        return new ActivationCall(call, activation, spec);
    }

    private static bool DefaultsAreHarmless(IReadOnlyList<IParameterSymbol> parameters, int from) => parameters
        .Skip(from)
        .All(static parameter => IsHarmless(parameter, parameter.HasExplicitDefaultValue ? parameter.ExplicitDefaultValue : null));

    private static bool IsHarmless(IArgumentOperation argument) => argument.Parameter is { } parameter
        && ((parameter.Ordinal == 0 && parameter.ContainingSymbol.IsStatic)
            || IsHarmless(parameter, argument.Value.ConstantValue is { HasValue: true, Value: { } value } ? value : null));

    /// <summary>Whether the function stays what the fused product computes: gelu's approximation must be the constant none, dropout's p the constant 0.</summary>
    private static bool IsHarmless(IParameterSymbol parameter, object? value) => parameter.Type switch
    {
        { SpecialType: SpecialType.System_Boolean } => true,
        { SpecialType: SpecialType.System_Double } => value is 0.0,
        INamedTypeSymbol { TypeKind: TypeKind.Enum, Name: "Approximate" } approximate =>
            value is not null && approximate.GetMembers("none").OfType<IFieldSymbol>().Any(none => value.Equals(none.ConstantValue)),
        _ => false,
    };
}
