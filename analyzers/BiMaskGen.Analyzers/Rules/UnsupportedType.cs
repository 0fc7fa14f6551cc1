using BiMaskGen.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BiMaskGen.Analyzers.Rules;

/// <summary>NMS006: the class cannot be a sparse model.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnsupportedType : AttributeRule
{
    private static readonly DiagnosticDescriptor Descriptor = Descriptors.Error(
        RuleIds.UnsupportedType,
        "[NMSparse] is on a type that cannot train sparse",
        "'{0}' {1}",
        "[NMSparse] rewrites the layer calls of a TorchSharp module that is a plain, closed class.");

    private protected override DiagnosticDescriptor Rule => Descriptor;

    private protected override void Check(AnnotatedSymbol target)
    {
        // With the attribute on both, the class answers for its members.
        bool isMember = target.Symbol is not INamedTypeSymbol;
        INamedTypeSymbol? type = target.Symbol as INamedTypeSymbol ?? target.Symbol.ContainingType;
        if (target.Sparse is not { } attribute || type is null
            || (isMember && (target.ContainingTypeIsAnnotated || !target.IsFirstOfDeclaration)))
        {
            return;
        }

        string? reason = AnnotatedClass.ProblemOf(type, target.Known) switch
        {
            ClassProblem.NotAModule when !HasUnknownBase(type) =>
                "is not a TorchSharp module: derive it from torch.nn.Module<Tensor, Tensor>, "
                + "or move [NMSparse] to the module that holds the layers",
            ClassProblem.Static => "is static and holds no layers of its own: move [NMSparse] to the module that holds them",
            ClassProblem.Generic =>
                "is generic or nested in a generic type, and calls of one instantiation cannot be redirected alone: "
                + "move the layers to a class that is not",
            _ => null,
        };
        if (reason is not null)
        {
            target.Report(Descriptor, attribute, null, type.Name, reason);
        }
    }

    /// <summary>The compiler reports an unknown base type; what it would have been is not ours to say.</summary>
    private static bool HasUnknownBase(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? t = type.BaseType; t is not null; t = t.BaseType)
        {
            if (t.TypeKind == TypeKind.Error)
            {
                return true;
            }
        }

        return false;
    }
}
