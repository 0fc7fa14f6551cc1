using System.Collections.Generic;
using System.Linq;
using System.Threading;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.Generators.Parsing;

/// <summary>Finds the calls of a class's sparse layers inside the class, and the activations around them.</summary>
/// <param name="known">The compilation's symbols.</param>
/// <param name="layers">The layers to redirect.</param>
/// <param name="others">Names of members that are other modules: their calls are none of ours, so the code around them is not bound.</param>
/// <param name="cancellation">Stops the walk.</param>
internal sealed class CallSiteReader(
    KnownTypes known, IReadOnlyDictionary<ISymbol, LayerSpec> layers, ISet<string> others, CancellationToken cancellation)
{
    private readonly LayerCallFinder _finder = new(known, layers.ContainsKey, cancellation);
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
            if (MayBeCall(node) && _finder.Find(node, source.Model) is { } call)
            {
                Read(call, layers[call.Layer], source.Model);
            }
        }
    }

    private bool MayBeCall(SyntaxNode node) =>
        LayerCallFinder.IsCandidate(node)
        && !(node is MemberAccessExpressionSyntax access && Syntax.Name(Syntax.Strip(access.Expression)) is { } name && others.Contains(name));

    private void Read(LayerCall call, LayerSpec layer, SemanticModel model)
    {
        // An interceptor where none is allowed is an error in emitted code; an analyzer says what is missing.
        string? reason = call.PlainReason
            ?? (Interceptors.AreEnabled(model.SyntaxTree.Options) ? null : PlainReasons.InterceptorsDisabled);
        CallSite? site = reason is null ? Site(call.Invocation!, model) : null;
        if (site is null)
        {
            _plain.Add(new PlainCallSpec(layer.Member, call.Verb, reason ?? PlainReasons.NotInterceptable));
            return;
        }

        ActivationCall? around = ActivationReader.Around(call.Invocation!, known, model, cancellation);
        CallSite? outer = around is { } activation ? Site(activation.Invocation, model) : null;
        string applied = outer is null ? "None" : around!.Value.Activation;
        string receiver = call.Method!.ContainingType.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        _layerCalls.Add(new LayerCallSpec(layer.Member, layer.FunctionName, call.Verb, receiver, applied, default), site);
        if (outer is not null)
        {
            _activationCalls.Add(around!.Value.Spec, outer);
        }
    }

    /// <summary>The call's location in the one encoding that the emitted attribute speaks.</summary>
    private CallSite? Site(InvocationExpressionSyntax invocation, SemanticModel model) =>
        model.GetInterceptableLocation(invocation, cancellation) is { Version: 1 } location
            ? new CallSite(location.Version, location.Data)
            : null;
}
