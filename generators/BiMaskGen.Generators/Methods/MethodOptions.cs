using System.Collections.Generic;
using System.Linq;
using BiMaskGen.Generators.Model;

namespace BiMaskGen.Generators.Methods;

/// <summary>
/// The training methods, and which options of the attribute each of them knows besides those that all know. What is emitted and what the
/// analyzers say follow from this one table.
/// </summary>
internal static class MethodOptions
{
    private static readonly string[] Decaying = [nameof(SparseOptions.Decay), nameof(SparseOptions.DecoupledDecay)];
    private static readonly string[] Searching =
    [
        nameof(SparseOptions.PermuteEvery), nameof(SparseOptions.Search), nameof(SparseOptions.SearchCandidates), nameof(SparseOptions.WarmStart),
        nameof(SparseOptions.SearchAbove),
    ];

    // Every option that some method does not know is in here.
    private static readonly Dictionary<string, string[]> Known = new()
    {
        [SparseOptions.BiMask] = [.. Decaying, .. Searching],
        ["Ste"] = [],
        ["SrSte"] = Decaying,
        ["Transposable"] = [.. Decaying, nameof(ScheduleOptions.RefreshEvery)],
        ["Bdwp"] = [],
        ["DoublePruned"] = [nameof(ScheduleOptions.RefreshEvery)],
        ["MaskDecay"] =
        [
            nameof(ScheduleOptions.MaskCurve), nameof(ScheduleOptions.MaskRate), nameof(ScheduleOptions.MaskShare), nameof(ScheduleOptions.MaskGradient),
        ],
        ["StructureDecay"] = [nameof(ScheduleOptions.StructureCurve)],
        ["Continuous"] = [],
    };

    /// <summary>All methods, in the order of <c>SparseMethod</c>.</summary>
    public static IEnumerable<string> Methods => Known.Keys;

    /// <summary>Whether it is a method.</summary>
    public static bool IsMethod(string method) => Known.ContainsKey(method);

    /// <summary>Whether a method knows an option that not all know.</summary>
    public static bool Knows(string method, string option) => Known.TryGetValue(method, out string[]? options) && options.Contains(option);

    /// <summary>The steps between two refreshes of the mask that a method keeps, unless they are written.</summary>
    public static int DefaultRefresh(string method) => method == "Transposable" ? 40 : 0;
}
