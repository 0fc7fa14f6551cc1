using System;
using System.Collections.Generic;
using System.Linq;
using BiMaskGen.Generators.Methods;
using BiMaskGen.Generators.Model;

namespace BiMaskGen.Analyzers.Options;

/// <summary>An option that another one leaves without a meaning.</summary>
/// <param name="Option">The named argument.</param>
/// <param name="Other">What it contradicts.</param>
/// <param name="Reason">Why.</param>
internal readonly record struct Contradiction(string Option, string Other, string Reason);

/// <summary>Which options leave each other without a meaning: those that a method does not know (<see cref="MethodOptions"/>), and pairs.</summary>
internal static class Contradictions
{
    private const string NoDecay = "the method adds no decay to the weight gradient";
    private const string NoPermutation = "no permutation is searched";
    private const string NoMaskDecay = "no mask decays";

    // Options that a method may not know, in the order of the attribute's properties: when one asks for something, and why it cannot have it.
    private static readonly (string Option, Func<SparseOptions, bool> Asks, string Reason)[] Partial =
    [
        (nameof(SparseOptions.Decay), static o => o.Decay > 0, NoDecay),
        (nameof(SparseOptions.DecoupledDecay), static o => o.DecoupledDecay, NoDecay),
        (nameof(SparseOptions.PermuteEvery), static _ => true, NoPermutation),
        (nameof(SparseOptions.Search), static o => o.Search != "Identity", NoPermutation),
        (nameof(SparseOptions.SearchCandidates), static _ => true, NoPermutation),
        (nameof(SparseOptions.WarmStart), static o => o.WarmStart, NoPermutation),
        (nameof(SparseOptions.SearchAbove), static o => o.SearchAbove > 0, NoPermutation),
        (nameof(ScheduleOptions.RefreshEvery), static o => o.Schedule.RefreshEvery > 0, "no mask is kept between steps"),
        (nameof(ScheduleOptions.MaskCurve), static _ => true, NoMaskDecay),
        (nameof(ScheduleOptions.MaskRate), static _ => true, NoMaskDecay),
        (nameof(ScheduleOptions.MaskShare), static o => o.Schedule.MaskShare > 0, NoMaskDecay),
        (nameof(ScheduleOptions.MaskGradient), static o => !o.Schedule.MaskGradient, NoMaskDecay),
        (nameof(ScheduleOptions.StructureCurve), static _ => true, "no pattern narrows"),
    ];

    /// <summary>The contradictions among the options that are written, in the order of the attribute's properties.</summary>
    public static IEnumerable<Contradiction> Of(SparseOptions options, ICollection<string> written)
    {
        if (!options.HasKnownMethod)
        {
            return []; // Another rule's case.
        }

        string method = "Method = " + options.Method;
        IEnumerable<Contradiction> pattern = options is { Method: "Continuous" } and not { N: 2, M: 4 }
            ? [new("Method", $"{options.N}:{options.M}", "it is defined for 2:4 alone")]
            : [];
        IEnumerable<Contradiction> unknown = Partial
            .Where(option => !MethodOptions.Knows(options.Method, option.Option) && option.Asks(options))
            .Select(option => new Contradiction(option.Option, method, option.Reason));
        return pattern.Concat(unknown).Concat(Pairs(options)).Where(found => written.Contains(found.Option) || found.Option == "Method");
    }

    /// <summary>Options that the method knows and others of its options leave without a meaning.</summary>
    private static IEnumerable<Contradiction> Pairs(SparseOptions options)
    {
        ScheduleOptions schedule = options.Schedule;
        if (Knows(nameof(options.DecoupledDecay)) && options is { DecoupledDecay: true, Decay: 0 })
        {
            yield return new(nameof(options.DecoupledDecay), "Decay = 0", "there is no decay");
        }

        if (Knows(nameof(options.Search)) && options.Search == "Identity")
        {
            yield return new(nameof(options.PermuteEvery), "Search = Identity", NoPermutation);
            if (options.SearchAbove > 0)
            {
                yield return new(nameof(options.SearchAbove), "Search = Identity", NoPermutation);
            }
        }

        if (Knows(nameof(options.Search)) && options.WarmStart && options.Search is "PaperRandom" or "Identity")
        {
            yield return new(nameof(options.WarmStart), "Search = " + options.Search, "that search starts from nowhere");
        }

        if (Knows(nameof(options.Search)) && options.Search != "PaperRandom")
        {
            yield return new(nameof(options.SearchCandidates), "Search = " + options.Search, "only PaperRandom tries candidates");
        }

        if (Knows(nameof(schedule.MaskShare)) && schedule.MaskShare > 0)
        {
            yield return new(nameof(schedule.MaskRate), nameof(schedule.MaskShare), "the share of the run sets the rate");
        }

        bool isWhole = schedule is { DenseFirst: 0, DenseLast: 0 } && !(Knows(nameof(schedule.MaskShare)) && schedule.MaskShare > 0);
        if (isWhole && !Knows(nameof(schedule.StructureCurve)))
        {
            yield return new(nameof(schedule.TotalSteps), "Method = " + options.Method, "nothing in its schedule depends on the length of the run");
        }

        bool Knows(string option) => MethodOptions.Knows(options.Method, option);
    }
}
