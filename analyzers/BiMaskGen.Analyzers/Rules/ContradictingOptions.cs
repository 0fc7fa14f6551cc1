using System.Collections.Generic;
using System.Linq;
using BiMaskGen.Analyzers.Options;
using BiMaskGen.Generators.Model;
using BiMaskGen.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BiMaskGen.Analyzers.Rules;

/// <summary>NMS013: an option that another one leaves without a meaning.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ContradictingOptions : AttributeRule
{
    private static readonly DiagnosticDescriptor Descriptor = Descriptors.Warning(
        RuleIds.ContradictingOptions,
        "An option of [NMSparse] contradicts another",
        "{0} contradicts {1}: {2}; drop {0}",
        "A method knows some options and not others. One that it does not know has no effect, which is not what was meant.");

    private protected override DiagnosticDescriptor Rule => Descriptor;

    private protected override void Check(AnnotatedSymbol target)
    {
        if (target.Sparse is { } attribute && target.Symbol is not INamedTypeSymbol && target.IsFirstOfDeclaration && OptionsReader.ReachesChildren(attribute))
        {
            const string option = "Reach";
            target.Report(
                Descriptor, attribute, option, FixData.With(FixData.Option, option), option, "its place on a member", "only a class's attribute reaches further");
        }

        if (target.Options is not { HasValidPattern: true, HasValidOptions: true } options)
        {
            return;
        }

        HashSet<string> written = [.. target.Sparse!.NamedArguments.Select(static argument => argument.Key)];
        foreach (Contradiction found in Contradictions.Of(options, written))
        {
            target.Report(
                Descriptor, target.Sparse!, found.Option, FixData.With(FixData.Option, found.Option), found.Option, found.Other, found.Reason);
        }
    }
}
