using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BiMaskGen.Analyzers.Rules;

/// <summary>NMS009: shapes that only the run can tell. Said once for a class, at its name.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnknownShape : ModelRule
{
    private static readonly DiagnosticDescriptor Descriptor = Descriptors.Info(
        RuleIds.UnknownShape,
        "A shape is not known at compile time",
        "The shape of {0} is not known at compile time: it is checked where a constructor is called with constants, else at run time",
        "Shapes are followed through constants, const and static readonly fields, and constructor parameters.");

    private protected override DiagnosticDescriptor Rule => Descriptor;

    private protected override void Check(ModelCheck check)
    {
        IReadOnlyList<string> unknown = check.Models.Shapes(check.Model, check.Cancellation).Unknown;
        if (unknown.Count > 0)
        {
            check.Report(Diagnostic.Create(Descriptor, check.ClassName, string.Join(", ", unknown)));
        }
    }
}
