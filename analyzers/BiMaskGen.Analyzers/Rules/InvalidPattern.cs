using System;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BiMaskGen.Analyzers.Rules;

/// <summary>NMS001: the two numbers are no N:M pattern.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class InvalidPattern : AttributeRule
{
    private static readonly DiagnosticDescriptor Descriptor = Descriptors.Error(
        RuleIds.InvalidPattern,
        "The numbers are no N:M pattern",
        "{0}:{1} is no N:M pattern: N must be at least 1 and less than M, and M at most 32; the nearest pattern is {2}:{3}",
        "Of every M weights N are kept, so 1 ≤ N < M; packed indices are five bits wide, so M ≤ 32.");

    private protected override DiagnosticDescriptor Rule => Descriptor;

    private protected override void Check(AnnotatedSymbol target)
    {
        if (target.Options is { HasValidPattern: false } options)
        {
            int m = Math.Min(Math.Max(options.M, 2), SparseOptions.MaxM);
            int n = Math.Min(Math.Max(options.N, 1), m - 1);
            target.Report(Descriptor, target.Sparse!, null, FixData.With(FixData.Pattern, $"{n}:{m}"), options.N, options.M, n, m);
        }
    }
}
