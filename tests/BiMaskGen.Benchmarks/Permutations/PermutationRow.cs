using BiMaskGen.Masks;
using BiMaskGen.Runtime.Tests.Support;

namespace BiMaskGen.Benchmarks.Permutations;

/// <summary>A row of the table.</summary>
/// <param name="Search">The search.</param>
/// <param name="Weights">The kind of weights.</param>
/// <param name="Size">in_features and out_features.</param>
/// <param name="N">N of N:M.</param>
/// <param name="M">M of N:M.</param>
/// <param name="Points">Percentage points of forward-kept weights over the yardstick, at least; null where nothing is asked.</param>
/// <param name="Milliseconds">The longest that the search may take; null where nothing is asked.</param>
internal sealed record PermutationRow(
    PermutationSearch Search, WeightKind Weights, int Size, int N, int M, double? Points = null, double? Milliseconds = null)
{
    // Points are over the best of 100 random permutations for Gaussian weights, over plain swap for the others.
    internal static IReadOnlyList<PermutationRow> All { get; } =
    [
        Swap(512, 2, 4, 3.2, 3), Swap(512, 1, 16, 10, 3), Swap(512, 1, 4), Swap(512, 2, 8), Swap(512, 4, 8),
        Swap(1024, 2, 4, 2.4, 12), Swap(1024, 1, 16),
        Swap(2048, 2, 4, 1.9, 50), Swap(2048, 1, 16, 6, 50), Swap(4096, 2, 4), Swap(4096, 1, 16), Swap(8192, 2, 4), Swap(8192, 1, 16),
        Thorough(512, 2, 4, 3.45, 100), Thorough(512, 1, 16, 10.6, 100), Thorough(512, 1, 4), Thorough(512, 2, 8), Thorough(1024, 2, 4),
        Thorough(2048, 2, 4), Thorough(2048, 1, 16),
        .. Structured(PermutationSearch.Swap), .. Structured(PermutationSearch.Thorough),
    ];

    internal NMPattern Pattern => new(N, M);

    internal string Label => $"{Search} {Weights} {Size}x{Size} {N}:{M}";

    internal bool OverPlainSwap => Weights != WeightKind.Gaussian;

    internal NMMask Forward()
    {
        float[] weight = Weights switch
        {
            WeightKind.Gaussian => TestWeights.Gaussian(Size * Size, 1),
            WeightKind.ColumnScales => TestWeights.ColumnScales(Size, Size, 2),
            WeightKind.LowRank => TestWeights.LowRank(Size, Size, 8, 3),
            _ => TestWeights.CorrelatedRows(Size, Size, 16, 4),
        };
        var mask = new NMMask(Size, Size);
        ForwardMask.Compute(Pattern, weight, Size, Size, mask);
        return mask;
    }

    private static PermutationRow Swap(int size, int n, int m, double? points = null, double? milliseconds = null) =>
        new(PermutationSearch.Swap, WeightKind.Gaussian, size, n, m, points, milliseconds);

    private static PermutationRow Thorough(int size, int n, int m, double? points = null, double? milliseconds = null) =>
        new(PermutationSearch.Thorough, WeightKind.Gaussian, size, n, m, points, milliseconds);

    private static IEnumerable<PermutationRow> Structured(PermutationSearch search) =>
        from weights in new[] { WeightKind.ColumnScales, WeightKind.LowRank, WeightKind.CorrelatedRows }
        from pattern in new[] { (N: 2, M: 4), (N: 1, M: 4), (N: 2, M: 8), (N: 1, M: 16) }
        select new PermutationRow(search, weights, 512, pattern.N, pattern.M, -0.5);
}
