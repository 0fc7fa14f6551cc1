using BiMaskGen.Analyzers.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BiMaskGen.Analyzers.Rules;

/// <summary>NMS003: out_features is not a multiple of M.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OutFeaturesRemainder : RemainderRule
{
    private static readonly DiagnosticDescriptor Descriptor = Descriptors.Warning(
        RuleIds.OutFeaturesRemainder,
        "out_features is not a multiple of M",
        "{5} {1} is not a multiple of {2}: use {3} (the backward groups of {0} end in a remainder of {4}{6})",
        "Backward groups are M weights along the permuted out_features; a remainder fits no N:M hardware and keeps more than its share.");

    private protected override DiagnosticDescriptor Rule => Descriptor;

    private protected override Feature? Of(LayerShape shape) => shape.Out;

    private protected override (string Name, string Place) Words(LayerShape shape) => (shape.OutName, "");
}
