using BiMaskGen.Analyzers.Shapes;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BiMaskGen.Analyzers.Rules;

/// <summary>NMS005: tensor cores cannot run the pattern, or run it no faster than 2:4.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TensorCorePattern : AttributeRule
{
    private static readonly DiagnosticDescriptor Descriptor = Descriptors.Info(
        RuleIds.TensorCorePattern,
        "The pattern gains nothing over 2:4 on sparse tensor cores",
        "{0}:{1} {2}; the CPU kernels use it in full",
        "Sparse tensor cores know one pattern, 2:4. Patterns with N ≤ 2 and M a multiple of 4, and 1:2, can be stored as 2:4 and run at its speed; "
        + "others run as masked dense on CUDA. Says nothing with MSBuild property BiMaskTarget=cpu.");

    private protected override DiagnosticDescriptor Rule => Descriptor;

    private protected override void Check(AnnotatedSymbol target)
    {
        if (target.Options is not { HasValidPattern: true } options || Target.Of(target.AnalyzerOptions).IsCpu)
        {
            return;
        }

        PatternSpec pattern = PatternSpec.Of(options);
        if (!TensorCores.IsTheirs(pattern))
        {
            string what = TensorCores.IsOperand(pattern)
                ? "runs at 2:4 speed on sparse tensor cores, not faster"
                : "is no legal 2:4 operand of sparse tensor cores, so CUDA runs it as masked dense";
            target.Report(Descriptor, target.Sparse!, null, FixData.With(FixData.Pattern, "2:4"), pattern.N, pattern.M, what);
        }
    }
}
