using System;
using System.Threading;
using BiMaskGen.Analyzers.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BiMaskGen.Analyzers.Rules;

/// <summary>NMS010: the layer is too small to gain from sparsity.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TooSmall : ShapeRule
{
    /// <summary>64 × 64. Where sparse wins is measured per shape at run time and lies above; the rule's page has the figures.</summary>
    private const long FewWeights = 4096;

    /// <summary>With fewer outputs, laying out the input costs as much as the whole dense product; the rule's page has the figures.</summary>
    private const long Narrow = 16;

    private static readonly DiagnosticDescriptor Descriptor = Descriptors.Info(
        RuleIds.TooSmall,
        "The layer is too small to gain",
        "{0}: {5} {1} × {6} {2} is too small to gain from {3}: {4}; mark it {7}",
        "A classifier head or a stem costs little dense and more sparse than it saves. The runtime measures and would run it masked dense.");

    private protected override DiagnosticDescriptor Rule => Descriptor;

    private static string KeptBy(LayerShape shape) => shape.Element.Length == 0 ? "[KeepDense]" : $"[KeepDense(\"{shape.Element}\")]";

    private protected override Finding? Check(LayerShape shape, Target target, CancellationToken cancellation)
    {
        if (!shape.IsDecidedHere || shape.Columns is not { } columns)
        {
            return null;
        }

        // A convolution multiplies what its whole kernel sees.
        (long inFeatures, long outFeatures) = (columns.Value, shape.Out!.Value);
        string? reason = inFeatures * outFeatures <= FewWeights ? $"{inFeatures * outFeatures} weights are no more than {FewWeights}"
            : Math.Min(inFeatures, outFeatures) < Narrow ? $"one side is below {Narrow}"
            : null;
        return reason is null
            ? null
            : new Finding(
                shape.Location, [], inFeatures, outFeatures, $"{shape.Options.N}:{shape.Options.M}", reason,
                shape is { IsConvolution: true, Taps: not 1 } ? "in_channels × kernel" : shape.InName, shape.OutName, KeptBy(shape));
    }
}
