using System.Globalization;
using BiMaskGen.Generators.Model;
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
        "Counts, shares, rates and members of enums outside their range would train something else than what was meant.");

    private protected override DiagnosticDescriptor Rule => Descriptor;

    private protected override void Check(AnnotatedSymbol target)
    {
        if (target.Options is not { } options)
        {
            return;
        }

        Require(options.PermuteEvery >= 1, "PermuteEvery", Number(options.PermuteEvery), "at least 1");
        Require(options.SearchCandidates >= 1, "SearchCandidates", Number(options.SearchCandidates), "at least 1");
        Require(options.HasValidDecay, "Decay", Number(options.Decay), "a finite number of at least 0");
        Require(options.HasValidSearch, "Search", options.Search, "Swap, PaperRandom, Identity, Thorough or Weighted");
        Require(options.HasValidSearchAbove, "SearchAbove", Number(options.SearchAbove), "from 0 to 1");
        Require(options.HasValidPrecision, "Precision", options.Precision, "Weight, BFloat16 or Float16");
        Require(options.HasValidConvGrouping, "ConvGrouping", options.ConvGrouping, "Channels or Flattened");
        ScheduleOptions schedule = options.Schedule;
        Require(schedule.HasValidRefresh, "RefreshEvery", Number(schedule.RefreshEvery), "at least 0");
        Require(schedule.HasValidTotal, "TotalSteps", schedule.TotalSteps?.ToString(CultureInfo.InvariantCulture) ?? "", "at least 1");
        Require(schedule.HasValidDenseFirst, "DenseFirst", Number(schedule.DenseFirst), "at least 0 and below 1");
        Require(schedule.HasValidDenseLast, "DenseLast", Number(schedule.DenseLast), "at least 0 and below 1 − DenseFirst");
        Require(schedule.HasValidMaskCurve, "MaskCurve", schedule.MaskCurve, "Linear or Exponential");
        Require(schedule.HasValidMaskRate, "MaskRate", Number(schedule.MaskRate), "a finite number above 0");
        Require(schedule.HasValidMaskShare, "MaskShare", Number(schedule.MaskShare), "from 0 to 1");
        Require(schedule.HasValidStructureCurve, "StructureCurve", schedule.StructureCurve, "Stepwise or Geometric");

        void Require(bool holds, string option, string value, string expected)
        {
            if (!holds)
            {
                target.Report(Descriptor, target.Sparse!, option, option, value, expected);
            }
        }
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
