using System.Linq;
using System.Threading;
using BiMaskGen.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace BiMaskGen.Analyzers.Rules;

/// <summary>NMS008: a call of a sparse layer that runs dense, because the compiler cannot redirect it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CallNotRedirected : RuleAnalyzer
{
    private static readonly DiagnosticDescriptor Descriptor = Descriptors.Warning(
        RuleIds.CallNotRedirected,
        "A call of a sparse layer cannot be redirected",
        "This call of {0} runs dense: {1}",
        "Calls are redirected at compile time, where an annotated class calls a layer's field or property by name, or an element of a container.");

    private protected override DiagnosticDescriptor Rule => Descriptor;

    private protected override void Register(CompilationStartAnalysisContext start, Models models)
    {
        start.RegisterSyntaxNodeAction(
            node => CheckMention(node, models), SyntaxKind.SimpleMemberAccessExpression, SyntaxKind.MemberBindingExpression);
        start.RegisterSymbolAction(symbol => CheckCovered(symbol, models), SymbolKind.NamedType);
        start.RegisterSyntaxNodeAction(node => CheckIndirect(node, models), SyntaxKind.InvocationExpression);
    }

    /// <summary>layer.call and layer.forward, as the generator reads them in the layer's class; anywhere else they stay plain.</summary>
    private static void CheckMention(SyntaxNodeAnalysisContext context, Models models)
    {
        if (!LayerCallFinder.IsCandidate(context.Node) || models.Known is not { } known)
        {
            return;
        }

        INamedTypeSymbol? around = Members.TypeAround(context.ContainingSymbol);
        ModelReading? reading = models.Reading(around, context.CancellationToken);
        LayerCallFinder inside = new(known, reading?.Code, IsSparse, context.CancellationToken);
        if (inside.Find(context.Node, context.SemanticModel) is not { } call)
        {
            return;
        }

        // An annotated class redirects the layers of all annotated classes of its assembly.
        string? reason = reading is not null ? Explain(call.PlainReason) : $"'{around?.Name}' is another class than '{call.Layer.ContainingType.Name}', without [NMSparse]";
        bool broken = call.PlainReason == PlainReasons.NotItsOwn;
        if (reason is not null && !broken)
        {
            bool fixable = reading is not null && CanBePlain(call, context.SemanticModel, context.CancellationToken);
            Report(context, call.Node, call.Layer, reason, fixable ? call.PlainReason : null);
        }

        bool IsSparse(ISymbol layer) =>
            models.IsSparse(layer, context.CancellationToken) || (reading is not null && models.IsCovered(layer, reading, context.CancellationToken));
    }

    /// <summary>The calls in classes that a model covers: found from the model, for the classes themselves say nothing.</summary>
    private static void CheckCovered(SymbolAnalysisContext context, Models models)
    {
        if (models.Reading((INamedTypeSymbol)context.Symbol, context.CancellationToken) is not { ReachOptions: not null } model)
        {
            return;
        }

        foreach (ModelReading covered in models.Covered(model, context.CancellationToken))
        {
            LayerCallFinder inside = new(
                model.Known, covered.Code, symbol => models.IsCovered(symbol, model, context.CancellationToken), context.CancellationToken);
            foreach (CodePlace place in covered.Code.Calls)
            {
                if (inside.Find(place.Node, place.Model) is { PlainReason: { } plain } call && plain != PlainReasons.NotItsOwn)
                {
                    context.ReportDiagnostic(Diagnostic.Create(
                        Descriptor,
                        call.Node.GetLocation(),
                        FixData.With(FixData.PlainReason, CanBePlain(call, place.Model, context.CancellationToken) ? plain : null),
                        Members.Quoted(call.Layer),
                        Explain(plain)));
                }
            }
        }
    }

    /// <summary>Whether there is a plain call that means the same.</summary>
    private static bool CanBePlain(LayerCall call, SemanticModel model, CancellationToken cancellation) => call switch
    {
        { PlainReason: PlainReasons.MethodGroup } => !ExpressionTrees.Contain(call.Node, model, cancellation),
        { PlainReason: PlainReasons.ConditionalAccess, Node: ConditionalAccessExpressionSyntax } => !CanBeNull(call.Layer),
        { PlainReason: PlainReasons.ThroughLocal, Node: MemberAccessExpressionSyntax access } =>
            !ExpressionTrees.Contain(call.Node, model, cancellation)
            && model.GetSymbolInfo(Syntax.Strip(access.Expression), cancellation).Symbol is ILocalSymbol local
            && local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is VariableDeclaratorSyntax
            {
                Initializer.Value: IdentifierNameSyntax or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax },
            }
            && access.FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } member
            && !ValueOrigins.Writes(member, local.Name),
        _ => false,
    };

    private static bool CanBeNull(ISymbol layer) =>
        ((layer as IFieldSymbol)?.NullableAnnotation ?? (layer as IPropertySymbol)?.NullableAnnotation) != NullableAnnotation.NotAnnotated;

    /// <summary>A layer that is handed to reflection or to a Sequential, which call it themselves.</summary>
    private static void CheckIndirect(SyntaxNodeAnalysisContext context, Models models)
    {
        InvocationExpressionSyntax call = (InvocationExpressionSyntax)context.Node;
        string? reason = Name(call) switch
        {
            "Invoke" or "InvokeMember" or "CreateDelegate" or "GetField" or "GetProperty" => "reflection makes it",
            "Sequential" => "the Sequential makes it",
            _ => null,
        };
        if (reason is null || models.Known is not { } known || IsInContainer(call, models.Reading(Members.TypeAround(context.ContainingSymbol), context.CancellationToken))
            || context.SemanticModel.GetOperation(call, context.CancellationToken) is not IInvocationOperation invocation)
        {
            return;
        }

        foreach (ISymbol layer in Handed(invocation, known, models, context.CancellationToken))
        {
            Report(context, call, layer, reason, null);
        }
    }

    /// <summary>Whether a Sequential is what a member is given whose layers run sparse.</summary>
    private static bool IsInContainer(InvocationExpressionSyntax call, ModelReading? reading) => reading is not null
        && reading.SparseLayers.Any(member => member.Content.Container is not null && member.Assigned.Any(value =>
            value.Expression is { } made && made.SyntaxTree == call.SyntaxTree && made.Span.Contains(call.Span)));

    private static string? Name(InvocationExpressionSyntax call) => call.Expression switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
        _ => null,
    };

    /// <summary>The sparse layers that a call of reflection or a factory of a Sequential takes.</summary>
    private static ISymbol[] Handed(IInvocationOperation call, KnownTypes known, Models models, CancellationToken cancellation)
    {
        IMethodSymbol method = call.TargetMethod;
        if (method.Name is "GetField" or "GetProperty")
        {
            return method.ContainingType.Name == "Type" && IsCalled(call.Syntax) && call.Instance is ITypeOfOperation { TypeOperand: INamedTypeSymbol type }
                && call.Arguments.FirstOrDefault()?.Value.ConstantValue is { HasValue: true, Value: string name }
                    ? [.. type.GetMembers(name).Where(member => models.IsSparse(member, cancellation))]
                    : [];
        }

        bool takesLayers = method.Name == "Sequential"
            ? KnownTypes.Same(method.ContainingType, known.Nn)
            : method.ContainingType.Name is "MethodBase" or "MethodInfo" or "Type" or "Delegate";
        return takesLayers
            ? [.. call.Arguments
                .SelectMany(static argument => argument.Value.DescendantsAndSelf())
                .OfType<IMemberReferenceOperation>()
                .Where(static reference => reference.Parent is not IMemberReferenceOperation and not IInvocationOperation)
                .Select(static reference => reference.Member)
                .Where(member => models.IsSparse(member, cancellation))]
            : [];
    }

    /// <summary>Whether what reflection gives is called in the same expression; to read or print it is nobody's harm.</summary>
    private static bool IsCalled(SyntaxNode node) => node.Ancestors()
        .TakeWhile(static around => around is not StatementSyntax and not MemberDeclarationSyntax)
        .Any(around => around is MemberAccessExpressionSyntax access && LayerCallFinder.IsCandidate(access) && access.Expression.Span.Contains(node.Span));

    private static string? Explain(string? reason) => reason switch
    {
        null => null,
        PlainReasons.MethodGroup => "a method group is called by somebody else; write a lambda",
        PlainReasons.ConditionalAccess => "a call behind ?. cannot be redirected; call the layer itself",
        PlainReasons.ExpressionTree => "inside an expression tree it is data, not a call",
        PlainReasons.ThroughLocal => "it goes through a local variable; call the layer itself",
        PlainReasons.ThroughParameter => "it goes through a parameter; call the layer itself",
        PlainReasons.ThroughProperty => "it goes through a property; call the layer itself",
        PlainReasons.Choice => "only the run tells which layer it is; call each layer itself",
        PlainReasons.Dynamic => "a dynamic call is bound at run time; call the layer itself",
        _ => reason,
    };

    private static void Report(SyntaxNodeAnalysisContext context, SyntaxNode node, ISymbol layer, string reason, string? fixable) =>
        context.ReportDiagnostic(Diagnostic.Create(
            Descriptor, node.GetLocation(), FixData.With(FixData.PlainReason, fixable), Members.Quoted(layer), reason));
}
