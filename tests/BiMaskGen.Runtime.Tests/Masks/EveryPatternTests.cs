using BiMaskGen.Masks;
using BiMaskGen.Runtime.Tests.Support;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Masks;

/// <summary>Every 1 ≤ N &lt; M ≤ 32 on sizes that leave remainders on both axes and around the vector widths.</summary>
public class EveryPatternTests
{
    public static TheoryData<int> Ms => [.. Enumerable.Range(2, 31)];

    [Theory]
    [MemberData(nameof(Ms))]
    public void Forward(int m) => OnEveryCase(m, static (pattern, weight, rows, columns) =>
    {
        // Whatever the mask held before has to go.
        NMMask mask = MaskReference.ToMask([.. Enumerable.Repeat(true, rows * columns)], rows, columns);
        ForwardMask.Compute(pattern, weight, rows, columns, mask);
        Assert.Equal(-1, MaskReference.FirstDifference(MaskReference.Forward(pattern.N, pattern.M, weight, rows, columns), mask));
        Assert.Equal((long)rows * pattern.KeptIn(columns), mask.CountKept());
    });

    [Theory]
    [MemberData(nameof(Ms))]
    public void Backward(int m) => OnEveryCase(m, static (pattern, weight, rows, columns) =>
    {
        int[] permutation = TestWeights.Permutation(rows, pattern.N);
        bool[] forward = MaskReference.Forward(pattern.N, pattern.M, weight, rows, columns);
        NMMask mask = MaskReference.ToMask([.. Enumerable.Repeat(true, rows * columns)], rows, columns);
        BackwardMask.Compute(pattern, weight, rows, columns, MaskReference.ToMask(forward, rows, columns), permutation, mask);
        bool[] expected = MaskReference.Backward(pattern.N, pattern.M, weight, rows, columns, forward, permutation);
        Assert.Equal(-1, MaskReference.FirstDifference(expected, mask));
        Assert.Equal(expected.Count(bit => bit), mask.CountKept());
    });

    private static void OnEveryCase(int m, Action<NMPattern, float[], int, int> check)
    {
        // The last goes past the groups that are ranked at a time.
        (int Rows, int Columns)[] sizes = [(1, 1), (3, m - 1), (m + 1, m + 1), ((2 * m) - 1, 67), (35, (3 * m) + 2), (1, (65 * m) + 1)];
        for (int n = 1; n < m; n++)
        {
            foreach ((int rows, int columns) in sizes)
            {
                check(new NMPattern(n, m), TestWeights.Gaussian(rows * columns, n), rows, columns);
                check(new NMPattern(n, m), TestWeights.Ties(rows * columns, n), rows, columns);
            }
        }
    }
}
