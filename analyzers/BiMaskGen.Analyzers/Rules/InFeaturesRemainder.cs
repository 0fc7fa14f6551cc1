using BiMaskGen.Analyzers.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BiMaskGen.Analyzers.Rules;

/// <summary>NMS002: in_features is not a multiple of M.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class InFeaturesRemainder : RemainderRule
{
    private static readonly DiagnosticDescriptor Descriptor = Descriptors.Warning(
        RuleIds.InFeaturesRemainder,
        "in_features is not a multiple of M",
        "{5} {1} is not a multiple of {2}: use {3} (the forward groups of {0} end in a remainder of {4}{6})",
        "Forward groups are M consecutive weights along in_features; a remainder fits no N:M hardware and keeps more than its share.");

    private protected override DiagnosticDescriptor Rule => Descriptor;

    private protected override Feature? Of(LayerShape shape) => shape.Grouped;

    private protected override (string Name, string Place) Words(LayerShape shape) => shape switch
    {
        { IsFlattened: true } => ("in_channels × kernel", ""),
        { IsConvolution: true, Taps: not 1 } => (shape.InName, " at every tap of the kernel"),
        _ => (shape.InName, ""),
    };
}
