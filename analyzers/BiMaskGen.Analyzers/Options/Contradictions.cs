using System.Collections.Generic;
using BiMaskGen.Generators.Model;

namespace BiMaskGen.Analyzers.Options;

/// <summary>An option that another one leaves without a meaning.</summary>
/// <param name="Option">The named argument.</param>
/// <param name="Other">What it contradicts.</param>
/// <param name="Reason">Why.</param>
internal readonly record struct Contradiction(string Option, string Other, string Reason);

/// <summary>Which options a training method knows, and which it leaves without a meaning. Holds for the methods that have not landed yet, too.</summary>
internal static class Contradictions
{
    // Methods that add λ (1 − Mf) ⊙ W to the weight gradient.
    private static readonly HashSet<string> s_decaying = [SparseOptions.BiMask, "SrSte", "Transposable"];

    // The methods of SparseMethod: what is none of them is another rule's case.
    private static readonly HashSet<string> s_methods =
        [SparseOptions.BiMask, "Ste", "SrSte", "Transposable", "Bdwp", "DoublePruned", "MaskDecay", "StructureDecay", "Continuous"];

    /// <summary>The contradictions among the options that are written, in the order of the attribute's properties.</summary>
    public static IEnumerable<Contradiction> Of(SparseOptions options, ICollection<string> written)
    {
        if (!s_methods.Contains(options.Method))
        {
            yield break;
        }

        string method = "Method = " + options.Method;
        bool permutes = options.Method == SparseOptions.BiMask;
        if (options.Method == "Continuous" && options is not { N: 2, M: 4 })
        {
            yield return new("Method", $"{options.N}:{options.M}", "it is defined for 2:4 alone");
        }

        if (written.Contains("Decay") && options.Decay > 0 && !s_decaying.Contains(options.Method))
        {
            yield return new("Decay", method, "the method adds no decay to the weight gradient");
        }

        bool searches = options.Search != "Identity";
        if (written.Contains("PermuteEvery") && !(permutes && searches))
        {
            yield return new("PermuteEvery", permutes ? "Search = Identity" : method, "no permutation is searched");
        }

        if (written.Contains("Search") && searches && !permutes)
        {
            yield return new("Search", method, "no permutation is searched");
        }

        if (written.Contains("SearchCandidates") && !(permutes && options.Search == "PaperRandom"))
        {
            yield return permutes
                ? new("SearchCandidates", "Search = " + options.Search, "only PaperRandom tries candidates")
                : new("SearchCandidates", method, "no permutation is searched");
        }
    }
}
