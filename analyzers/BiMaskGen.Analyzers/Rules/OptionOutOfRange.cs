using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BiMaskGen.Analyzers.Rules;

/// <summary>NMS018: an option's value means nothing.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OptionOutOfRange : AttributeRule
{
    private static readonly DiagnosticDescriptor Descriptor = Descriptors.Error(
        RuleIds.OptionOutOfRange,
        "An option of [NMSparse] is out of range",
        "{0} = {1} is out of range: it must be {2}",
        "PermuteEvery and SearchCandidates count from 1, Decay is a finite number of at least 0, Search is a member of PermutationSearch.");

    private protected override DiagnosticDescriptor Rule => Descriptor;

    private protected override void Check(AnnotatedSymbol target)
    {
        if (target.Options is not { } options)
        {
            return;
        }

        Require(options.PermuteEvery >= 1, "PermuteEvery", Number(options.PermuteEvery), "at least 1");
        Require(options.SearchCandidates >= 1, "SearchCandidates", Number(options.SearchCandidates), "at least 1");
        Require(options.HasValidDecay, "Decay", options.Decay.ToString("R", CultureInfo.InvariantCulture), "a finite number of at least 0");
        Require(options.HasValidSearch, "Search", options.Search, "Swap, PaperRandom, Identity or Thorough");

        void Require(bool holds, string option, string value, string expected)
        {
            if (!holds)
            {
                target.Report(Descriptor, target.Sparse!, option, option, value, expected);
            }
        }
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
