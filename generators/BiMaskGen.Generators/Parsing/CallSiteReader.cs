using System.Collections.Generic;
using System.Linq;
using System.Threading;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.Generators.Parsing;

/// <summary>Finds the calls of sparse layers inside a class, its own and those of other classes, and the activations around them.</summary>
/// <param name="known">The compilation's symbols.</param>
/// <param name="code">The class's code.</param>
/// <param name="layers">The layers to redirect.</param>
/// <param name="cancellation">Stops the walk.</param>
internal sealed class CallSiteReader(
    KnownTypes known, ClassCode code, LayerSpecs layers, CancellationToken cancellation)
{
    private readonly LayerCallFinder _finder = new(known, code, layers.IsSparse, cancellation);
    private readonly ActivationReader _activations = new(known, code, cancellation);
    private readonly SiteGroups<LayerCallSpec> _layerCalls = new();
    private readonly SiteGroups<ActivationCallSpec> _activationCalls = new();
    private readonly List<PlainCallSpec> _plain = [];

    public InterceptorsSpec Read(string className, string displayName)
    {
        foreach (CodePlace place in code.Calls)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_finder.Find(place.Node, place.Model) is { } call)
            {
                Read(call, layers.Find(call.Layer)!, place.Model);
            }
        }

        return new InterceptorsSpec(
            className,
            displayName,
            new(_layerCalls.With(static (call, sites) => call with { Sites = sites })),
            new(_activationCalls.With(static (call, sites) => call with { Sites = sites })),
            new(_plain));
    }

    private void Read(LayerCall call, LayerSpec layer, SemanticModel model)
    {
        // An interceptor where none is allowed is an error in emitted code; an analyzer says what is missing.
        string? reason = call.PlainReason
            ?? (Interceptors.AreEnabled(model.SyntaxTree.Options) ? null : PlainReasons.InterceptorsDisabled);
        CallSite? site = reason is null ? Site(call.Invocation!, model) : null;
        if (site is null)
        {
            _plain.Add(new PlainCallSpec(Name(call.Layer), call.Verb, reason ?? PlainReasons.NotInterceptable));
            return;
        }

        List<(ActivationCallSpec Spec, CallSite Site)> around = [];
        string applied = ActivationReader.Nothing;
        foreach (ActivationCall outer in _activations.Fused(call.Invocation!, model))
        {
            if (Site(outer.Invocation, model) is not { } outerSite)
            {
                around.Clear();
                applied = ActivationReader.Nothing;
                break;
            }

            around.Add((outer.Spec, outerSite));
            applied = outer.Activation;
        }

        string receiver = call.Method!.ContainingType.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        _layerCalls.Add(new LayerCallSpec(Name(call.Layer), layer.FunctionName, call.Verb, receiver, applied, default), site);
        foreach ((ActivationCallSpec spec, CallSite outerSite) in around)
        {
            _activationCalls.Add(spec, outerSite);
        }
    }

    /// <summary>What the class calls a layer; one of another class is named by its emitted function, which no member of this class is named like.</summary>
    private string Name(ISymbol layer) =>
        KnownTypes.Same(layer.ContainingType, code.Type) ? layers.Find(layer)!.Member : layers.Find(layer)!.FunctionName;

    /// <summary>The call's location in the one encoding that the emitted attribute speaks.</summary>
    private CallSite? Site(InvocationExpressionSyntax invocation, SemanticModel model) =>
        model.GetInterceptableLocation(invocation, cancellation) is { Version: 1 } location
            ? new CallSite(location.Version, location.Data)
            : null;
}
