using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BiMaskGen.Analyzers.Rules;

/// <summary>NMS016: a member is told to be sparse and to stay dense.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ConflictingAttributes : AttributeRule
{
    private static readonly DiagnosticDescriptor Descriptor = Descriptors.Error(
        RuleIds.ConflictingAttributes,
        "[NMSparse] and [KeepDense] are on one member",
        "'{0}' carries both [NMSparse] and [KeepDense]: remove one of them",
        "[NMSparse] on a member makes this layer sparse, [KeepDense] keeps it dense.");

    private protected override DiagnosticDescriptor Rule => Descriptor;

    private protected override void Check(AnnotatedSymbol target)
    {
        if (target.IsContradictory && target.KeepDense is { } attribute && target.IsFirstOfDeclaration)
        {
            target.Report(Descriptor, attribute, null, target.Symbol.Name);
        }
    }
}
