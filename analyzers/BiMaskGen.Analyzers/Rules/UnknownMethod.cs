using BiMaskGen.Generators.Methods;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BiMaskGen.Analyzers.Rules;

/// <summary>NMS017: the value is no training method.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnknownMethod : AttributeRule
{
    private static readonly DiagnosticDescriptor Descriptor = Descriptors.Error(
        RuleIds.UnknownMethod,
        "The value is no training method",
        "Method = {0} is no training method: it must be {1}",
        "A layer must not train silently by another method than the one asked for.");

    private static readonly string Methods = string.Join(", ", MethodOptions.Methods);

    private protected override DiagnosticDescriptor Rule => Descriptor;

    private protected override void Check(AnnotatedSymbol target)
    {
        if (target.Options is { HasKnownMethod: false } options)
        {
            target.Report(Descriptor, target.Sparse!, "Method", options.Method, Methods);
        }
    }
}
