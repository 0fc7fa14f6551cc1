using System.Globalization;
using BiMaskGen.Analyzers.Optimizers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BiMaskGen.Analyzers.Rules;

/// <summary>NMS014: a decay that goes through the gradient, under an optimizer that divides gradients by their own size.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DecayUnderAdam : RuleAnalyzer
{
    private static readonly DiagnosticDescriptor Descriptor = Descriptors.Info(
        RuleIds.DecayUnderAdam,
        "The decay of pruned weights goes through Adam's second moment",
        "{0} trains '{1}', whose Decay = {2} is part of the gradient: it pollutes the second moment and is divided away; set DecoupledDecay = true and call DecayPruned after each step, or Decay = 0, or a Decay tuned for {0}",
        "SR-STE-type decay λ (1 − Mf) ⊙ W is added to the weight gradient. SGD passes it on as it is; Adam and AdamW normalise it with the gradient.");

    private protected override DiagnosticDescriptor Rule => Descriptor;

    private protected override void Register(CompilationStartAnalysisContext start, Models models) => start.RegisterSyntaxNodeAction(
        node => Check(node, models),
        SyntaxKind.InvocationExpression,
        SyntaxKind.ObjectCreationExpression);

    private static void Check(SyntaxNodeAnalysisContext context, Models models)
    {
        SyntaxNode? name = context.Node switch
        {
            InvocationExpressionSyntax call => call.Expression,
            ObjectCreationExpressionSyntax creation => creation.Type,
            _ => null,
        };
        if (name is null || AdamName(name) is not { } adam || models.Known is not { } known || !IsTorchs(context))
        {
            return;
        }

        TrainedModels trained = new(models, known, context.SemanticModel, context.CancellationToken);
        if (trained.Decaying(context.Node, context.ContainingSymbol) is ({ } type, { } options))
        {
            string decay = options.Decay.ToString("R", CultureInfo.InvariantCulture);
            context.ReportDiagnostic(Diagnostic.Create(Descriptor, name.GetLocation(), adam, type.Name, decay));
        }
    }

    private static string? AdamName(SyntaxNode name) => name switch
    {
        MemberAccessExpressionSyntax access => AdamName(access.Name),
        QualifiedNameSyntax qualified => AdamName(qualified.Right),
        IdentifierNameSyntax { Identifier.ValueText: "Adam" or "AdamW" } identifier => identifier.Identifier.ValueText,
        _ => null,
    };

    private static bool IsTorchs(SyntaxNodeAnalysisContext context) =>
        context.SemanticModel.GetSymbolInfo(context.Node, context.CancellationToken).Symbol?.ContainingNamespace is { } space
        && (space.Name == "TorchSharp" || space.ContainingNamespace?.Name == "TorchSharp");
}
