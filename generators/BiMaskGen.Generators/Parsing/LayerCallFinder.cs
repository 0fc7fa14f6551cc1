using System;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.Generators.Parsing;

/// <summary>A place where a class's code calls one of its sparse layers, or names its call.</summary>
/// <param name="Layer">The field or property of the layer, or of the container that it is an element of.</param>
/// <param name="Verb">"call" or "forward".</param>
/// <param name="Node">What to point at: the call's name with its receiver.</param>
/// <param name="Invocation">The call; null where there is none.</param>
/// <param name="Method">The called method; null where it is not the layer's own.</param>
/// <param name="PlainReason">Why it cannot be redirected, one of <see cref="PlainReasons"/>; null where it can.</param>
internal readonly record struct LayerCall(
    ISymbol Layer, string Verb, ExpressionSyntax Node, InvocationExpressionSyntax? Invocation, IMethodSymbol? Method, string? PlainReason);

/// <summary>Why a call of a sparse layer stays what it is.</summary>
internal static class PlainReasons
{
    public const string ConditionalAccess = "conditional access";
    public const string ExpressionTree = "expression tree";
    public const string MethodGroup = "method group";
    public const string NotItsOwn = "not the layer's own method";
    public const string NotInterceptable = "not interceptable";
    public const string Choice = "one of several layers";
    public const string Dynamic = "dynamic";
    public const string InterceptorsDisabled = "interceptors are not enabled";
    public const string ThroughLocal = "through a local variable";
    public const string ThroughParameter = "through a parameter";
    public const string ThroughProperty = "through a property";
}

/// <summary>Decides for a node of a class's own code whether it calls a sparse layer, and whether that call can be redirected.</summary>
/// <param name="known">The compilation's symbols.</param>
/// <param name="code">The code that the nodes are of, if they are of an annotated class.</param>
/// <param name="isSparse">Whether a field or property is a sparse layer.</param>
/// <param name="cancellation">Stops the search.</param>
internal sealed class LayerCallFinder(KnownTypes known, ClassCode? code, Func<ISymbol, bool> isSparse, CancellationToken cancellation)
{
    private readonly LayerAliases _aliases = new(isSparse, cancellation);

    /// <summary>Whether a node can be one: cheap, by its text alone.</summary>
    public static bool IsCandidate(SyntaxNode node) => node switch
    {
        MemberAccessExpressionSyntax access => IsVerb(access.Name),
        MemberBindingExpressionSyntax binding => IsVerb(binding.Name),
        _ => false,
    };

    /// <summary>The call, or null where the node is none.</summary>
    public LayerCall? Find(SyntaxNode node, SemanticModel model)
    {
        switch (node)
        {
            case MemberAccessExpressionSyntax access when IsVerb(access.Name):
                ISymbol? member = code?.Member(Syntax.Strip(access.Expression));
                if (member is not null && Plain(access, member) is { } plain)
                {
                    return plain;
                }

                if (member is IFieldSymbol && !isSparse(member))
                {
                    return null;
                }

                return _aliases.Of(access.Expression, model) is ({ } called, var reason) ? Access(access, called, model, reason) : null;
            case MemberBindingExpressionSyntax binding when IsVerb(binding.Name)
                && node.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>() is { } conditional
                && _aliases.Of(conditional.Expression, model).Layer is { } layer:
                return new LayerCall(layer, Verb(binding.Name), conditional, null, null, PlainReasons.ConditionalAccess);
            default:
                return null;
        }
    }

    private static bool IsVerb(SimpleNameSyntax name) => Verb(name) is "call" or "forward" && name is IdentifierNameSyntax;

    private static string Verb(SimpleNameSyntax name) => name.Identifier.ValueText;

    /// <summary><c>fc.call(x)</c>, where nothing around it could make it another thing: found without binding it.</summary>
    private LayerCall? Plain(MemberAccessExpressionSyntax access, ISymbol member)
    {
        if (access.Parent is not InvocationExpressionSyntax { ArgumentList.Arguments: { Count: 1 } arguments } invocation
            || invocation.Expression != access
            || arguments[0] is not { NameColon: null, RefKindKeyword.RawKind: 0 }
            || !IsPlaceOfCalls(invocation)
            || !isSparse(member)
            || known.Methods.Call((member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type, Verb(access.Name)) is not { } method
            || !IsLayerMethod(method))
        {
            return null;
        }

        return new LayerCall(member, Verb(access.Name), access, invocation, method, null);
    }

    /// <summary>Whether code is neither in a lambda nor in a query, which may be data, nor in a nameof.</summary>
    private static bool IsPlaceOfCalls(SyntaxNode node)
    {
        for (SyntaxNode? around = node.Parent; around is not null and not MemberDeclarationSyntax; around = around.Parent)
        {
            if (around is AnonymousFunctionExpressionSyntax or QueryExpressionSyntax || (around is InvocationExpressionSyntax call && IsNameof(call)))
            {
                return false;
            }
        }

        return true;
    }

    private LayerCall? Access(MemberAccessExpressionSyntax access, ISymbol layer, SemanticModel model, string? reason)
    {
        if (access.Ancestors().OfType<InvocationExpressionSyntax>().Any(call => IsNameOf(call, model)))
        {
            return null; // A name, not a call.
        }

        InvocationExpressionSyntax? invocation = access.Parent as InvocationExpressionSyntax;
        invocation = invocation?.Expression == access ? invocation : null;
        IMethodSymbol? method = invocation is null ? null : model.GetSymbolInfo(invocation, cancellation).Symbol as IMethodSymbol;
        method = method is not null && IsLayerMethod(method) ? method : null;
        return new LayerCall(layer, Verb(access.Name), access, invocation, method, reason ?? Reason(access, invocation, method, model));
    }

    private string? Reason(
        MemberAccessExpressionSyntax access, InvocationExpressionSyntax? invocation, IMethodSymbol? method, SemanticModel model) =>
        invocation is null ? PlainReasons.MethodGroup
        : method is null && model.GetTypeInfo(access.Expression, cancellation).Type is IDynamicTypeSymbol ? PlainReasons.Dynamic
        : method is null ? PlainReasons.NotItsOwn
        : access.Expression.DescendantNodesAndSelf().Any(static node => node is MemberBindingExpressionSyntax) ? PlainReasons.ConditionalAccess
        : ExpressionTrees.Contain(invocation, model, cancellation) ? PlainReasons.ExpressionTree
        : null;

    private bool IsNameOf(InvocationExpressionSyntax call, SemanticModel model) =>
        IsNameof(call) && model.GetSymbolInfo(call, cancellation).Symbol is null;

    private static bool IsNameof(InvocationExpressionSyntax call) => call.Expression is IdentifierNameSyntax { Identifier.ValueText: "nameof" };

    private bool IsLayerMethod(IMethodSymbol method) =>
        !method.IsStatic && !method.IsExtensionMethod
        && method.Parameters.Length == 1
        && KnownTypes.Same(method.Parameters[0].Type, known.Tensor)
        && KnownTypes.Same(method.ReturnType, known.Tensor)
        && (known.IsLayer(method.ContainingType)
            || KnownTypes.Same(method.ContainingType, known.TensorModule)
            || ContainerReader.Kind(method.ContainingType) == ContainerReader.Sequential);
}
