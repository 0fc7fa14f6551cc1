using System.Collections.Generic;
using BiMaskGen.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace BiMaskGen.Analyzers.Rules;

/// <summary>NMS015: a class computes with the dense weight of its sparse layer.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class WeightUsedDirectly : RuleAnalyzer
{
    private const string Weight = "weight";

    private static readonly DiagnosticDescriptor Descriptor = Descriptors.Info(
        RuleIds.WeightUsedDirectly,
        "The weight of a sparse layer is used directly",
        "The weight of {0} is used past its masks: pruned entries are in it; call the layer to use what it keeps",
        "weight is the dense master that the optimizer trains; only calls of the layer multiply it by the masks.");

    // What says nothing about the entries.
    private static readonly HashSet<string> s_about =
    [
        "device", "device_index", "device_type", "dim", "Dimensions", "dtype", "element_size", "ElementSize", "grad", "Handle", "is_leaf", "IsInvalid",
        "ndim", "numel", "NumberOfElements", "name", "requires_grad", "shape", "size", "stride",
    ];

    private protected override DiagnosticDescriptor Rule => Descriptor;

    private protected override void Register(CompilationStartAnalysisContext start, Models models) =>
        start.RegisterSyntaxNodeAction(node => Check(node, models), SyntaxKind.SimpleMemberAccessExpression);

    private static void Check(SyntaxNodeAnalysisContext context, Models models)
    {
        MemberAccessExpressionSyntax access = (MemberAccessExpressionSyntax)context.Node;
        INamedTypeSymbol? around = Members.TypeAround(context.ContainingSymbol);
        if (access.Name.Identifier.ValueText == Weight
            && models.Reading(around, context.CancellationToken) is { } reading
            && context.SemanticModel.GetSymbolInfo(Syntax.Strip(access.Expression), context.CancellationToken).Symbol is { } layer
            && reading.IsSparse(layer)
            && context.SemanticModel.GetOperation(access, context.CancellationToken) is { } use
            && !IsHarmless(use, reading.Known))
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptor, access.GetLocation(), Members.Quoted(layer)));
        }
    }

    /// <summary>Whether the use neither reads entries nor escapes the masks: setting, initialising, tying, training, or asking for the shape.</summary>
    private static bool IsHarmless(IOperation use, KnownTypes known)
    {
        IOperation value = use;
        while (value.Parent is IConversionOperation or IParenthesizedOperation)
        {
            value = value.Parent;
        }

        return value.Parent switch
        {
            INameOfOperation => true,
            ISimpleAssignmentOperation assignment => assignment.Target == value || assignment.Target is IPropertyReferenceOperation { Property.Name: Weight },
            IPropertyReferenceOperation property when property.Instance == value => s_about.Contains(property.Property.Name),
            IInvocationOperation call when call.Instance == value => IsAbout(call.TargetMethod),
            IArgumentOperation { Parent: IInvocationOperation call } => IsInitialiser(call.TargetMethod, known) || IsLayerFactory(call.TargetMethod, known)
                || (call.TargetMethod.IsExtensionMethod && IsAbout(call.TargetMethod)),
            IConditionalAccessOperation { WhenNotNull: IMemberReferenceOperation member } => s_about.Contains(member.Member.Name),
            IConditionalAccessOperation { WhenNotNull: IInvocationOperation call } => IsAbout(call.TargetMethod),
            IArrayInitializerOperation or ICollectionExpressionOperation => IsParameter(use.Type),
            _ => false,
        };
    }

    /// <summary>Whether a method asks for what is not an entry, or changes the weight in place: the masks follow it.</summary>
    private static bool IsAbout(IMethodSymbol method) => s_about.Contains(method.Name) || method.Name.EndsWith("_", System.StringComparison.Ordinal);

    private static bool IsInitialiser(IMethodSymbol method, KnownTypes known) =>
        method.ContainingType is { Name: "init" } type && KnownTypes.Same(type.ContainingType, known.Nn);

    // A layer made over the same parameter: tied, and masked as that layer is.
    private static bool IsLayerFactory(IMethodSymbol method, KnownTypes known) => KnownTypes.Same(method.ContainingType, known.Nn);

    // A list of parameters goes to an optimizer.
    private static bool IsParameter(ITypeSymbol? type) => type?.Name == "Parameter";
}
