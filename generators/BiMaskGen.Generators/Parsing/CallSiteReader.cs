using System.Collections.Generic;
using System.Linq;
using System.Threading;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.Generators.Parsing;

/// <summary>Finds the calls of a class's sparse layers inside the class, and the activations around them.</summary>
internal sealed class CallSiteReader(KnownTypes known, IReadOnlyDictionary<ISymbol, LayerSpec> layers, CancellationToken cancellation)
{
    private readonly SiteGroups<LayerCallSpec> _layerCalls = new();
    private readonly SiteGroups<ActivationCallSpec> _activationCalls = new();
    private readonly List<PlainCallSpec> _plain = [];

    public InterceptorsSpec Read(IReadOnlyList<ClassSource> sources, string hintName, string className, string displayName)
    {
        if (layers.Count > 0)
        {
            foreach (ClassSource source in sources)
            {
                ReadDeclaration(source);
            }
        }

        return new InterceptorsSpec(
            hintName,
            className,
            displayName,
            new(_layerCalls.With(static (call, sites) => call with { Sites = sites })),
            new(_activationCalls.With(static (call, sites) => call with { Sites = sites })),
            new(_plain));
    }

    private void ReadDeclaration(ClassSource source)
    {
        // A nested type is another class: its calls stay plain, as any call from outside.
        IEnumerable<SyntaxNode> nodes = source.Declaration
            .DescendantNodes(node => node == source.Declaration || node is not BaseTypeDeclarationSyntax);
        foreach (SyntaxNode node in nodes)
        {
            cancellation.ThrowIfCancellationRequested();
            switch (node)
            {
                case MemberAccessExpressionSyntax access when IsVerb(access.Name) && Layer(access.Expression, source.Model) is { } layer:
                    ReadAccess(access, layer, source.Model);
                    break;
                case MemberBindingExpressionSyntax binding when IsVerb(binding.Name)
                    && node.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>() is { } conditional
                    && Layer(conditional.Expression, source.Model) is { } layer:
                    _plain.Add(new PlainCallSpec(layer.Member, binding.Name.Identifier.ValueText, "conditional access"));
                    break;
            }
        }
    }

    private static bool IsVerb(SimpleNameSyntax name) => name.Identifier.ValueText is "call" or "forward" && name is IdentifierNameSyntax;

    private LayerSpec? Layer(ExpressionSyntax receiver, SemanticModel model) =>
        model.GetSymbolInfo(Syntax.Strip(receiver), cancellation).Symbol is { } symbol && layers.TryGetValue(symbol, out LayerSpec? layer)
            ? layer
            : null;

    private void ReadAccess(MemberAccessExpressionSyntax access, LayerSpec layer, SemanticModel model)
    {
        string verb = access.Name.Identifier.ValueText;
        if (access.Ancestors().OfType<InvocationExpressionSyntax>().Any(call => IsNameOf(call, model)))
        {
            return; // A name, not a call.
        }

        string? reason = access.Parent is InvocationExpressionSyntax invocation && invocation.Expression == access
            ? ReadInvocation(invocation, access, layer, model)
            : "method group";
        if (reason is not null)
        {
            _plain.Add(new PlainCallSpec(layer.Member, verb, reason));
        }
    }

    private bool IsNameOf(InvocationExpressionSyntax call, SemanticModel model) =>
        call.Expression is IdentifierNameSyntax { Identifier.ValueText: "nameof" } && model.GetSymbolInfo(call, cancellation).Symbol is null;

    private string? ReadInvocation(
        InvocationExpressionSyntax invocation, MemberAccessExpressionSyntax access, LayerSpec layer, SemanticModel model)
    {
        if (model.GetSymbolInfo(invocation, cancellation).Symbol is not IMethodSymbol method || !IsLayerMethod(method))
        {
            return "not the layer's own method";
        }

        if (access.Expression.DescendantNodesAndSelf().Any(static node => node is MemberBindingExpressionSyntax))
        {
            return "conditional access";
        }

        if (ExpressionTrees.Contain(invocation, model, cancellation))
        {
            return "expression tree";
        }

        if (Site(invocation, model) is not { } site)
        {
            return "not interceptable";
        }

        ActivationCall? around = ActivationReader.Around(invocation, known, model, cancellation);
        CallSite? outer = around is { } activation ? Site(activation.Invocation, model) : null;
        string applied = outer is null ? "None" : around!.Value.Activation;
        string receiver = method.ContainingType.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        _layerCalls.Add(new LayerCallSpec(layer.Member, layer.FunctionName, method.Name, receiver, applied, default), site);
        if (outer is not null)
        {
            _activationCalls.Add(around!.Value.Spec, outer);
        }

        return null;
    }

    private bool IsLayerMethod(IMethodSymbol method) =>
        !method.IsStatic && !method.IsExtensionMethod
        && method.Parameters.Length == 1
        && KnownTypes.Same(method.Parameters[0].Type, known.Tensor)
        && KnownTypes.Same(method.ReturnType, known.Tensor)
        && (KnownTypes.Same(method.ContainingType, known.Linear) || KnownTypes.Same(method.ContainingType, known.TensorModule));

    /// <summary>The call's location in the one encoding that the emitted attribute speaks.</summary>
    private CallSite? Site(InvocationExpressionSyntax invocation, SemanticModel model) =>
        model.GetInterceptableLocation(invocation, cancellation) is { Version: 1 } location
            ? new CallSite(location.Version, location.Data)
            : null;
}
