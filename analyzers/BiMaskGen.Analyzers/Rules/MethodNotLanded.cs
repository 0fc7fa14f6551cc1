using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BiMaskGen.Analyzers.Rules;

/// <summary>NMS017: the chosen training method has no implementation yet.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MethodNotLanded : AttributeRule
{
    private static readonly DiagnosticDescriptor Descriptor = Descriptors.Error(
        RuleIds.MethodNotLanded,
        "The training method is not implemented yet",
        "SparseMethod.{0} is not implemented yet: use SparseMethod.BiMask, the default",
        "A method that has no implementation must not train silently as another one.");

    private protected override DiagnosticDescriptor Rule => Descriptor;

    private protected override void Check(AnnotatedSymbol target)
    {
        if (target.Options is { HasLandedMethod: false } options)
        {
            target.Report(Descriptor, target.Sparse!, "Method", options.Method);
        }
    }
}
