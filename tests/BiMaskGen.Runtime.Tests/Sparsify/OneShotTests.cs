using BiMaskGen.Permutations;
using BiMaskGen.Runtime.Tests.Support;
using BiMaskGen.Sparsify;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Sparsify;

public sealed class OneShotTests
{
    private const int Rows = 45, Columns = 70;

    private static readonly float[] s_weight = TestWeights.Gaussian(Rows * Columns, 1);
    private static readonly float[] s_squares = [.. TestWeights.Gaussian(Columns, 2).Select(x => x * x)];

    public static TheoryData<int, int> Patterns => new() { { 2, 4 }, { 1, 4 }, { 4, 8 }, { 3, 7 }, { 1, 16 }, { 17, 32 } };

    [Theory]
    [MemberData(nameof(Patterns))]
    public void MagnitudeKeepsTheLargestOfEveryGroup(int n, int m)
    {
        SparsifiedLayer layer = OneShot.Sparsify("fc", s_weight, Rows, Columns, new(new(n, m)));
        bool[] expected = MaskReference.Forward(n, m, s_weight, Rows, Columns);
        Assert.Equal(-1, MaskReference.FirstDifference(expected, layer.Forward));
        Assert.Null(layer.Channels);
        Assert.Null(layer.Updated);
        CheckShares(layer, expected);
    }

    [Theory]
    [MemberData(nameof(Patterns))]
    public void WandaRanksByWeightTimesNorm(int n, int m)
    {
        SparsifiedLayer layer = OneShot.Sparsify(
            "fc", s_weight, Rows, Columns, new(new(n, m)) { Method = PruningMethod.Wanda }, CalibrationStatistics.FromSumOfSquares("fc", s_squares));
        bool[] expected = MaskReference.Forward(n, m, Scores(), Rows, Columns);
        Assert.Equal(-1, MaskReference.FirstDifference(expected, layer.Forward));
        Assert.NotEqual(MaskReference.Forward(n, m, s_weight, Rows, Columns), expected);
        Assert.Null(layer.Updated);
        CheckShares(layer, expected);
    }

    [Theory]
    [InlineData(PruningMethod.Magnitude)]
    [InlineData(PruningMethod.Wanda)]
    public void GroupsLieAlongTheOrderOfTheChannels(PruningMethod method)
    {
        OneShotOptions options = new(new(2, 4)) { Method = method, Channels = new(5) };
        SparsifiedLayer layer = OneShot.Sparsify("fc", s_weight, Rows, Columns, options, CalibrationStatistics.FromSumOfSquares("fc", s_squares));
        float[] scores = method == PruningMethod.Magnitude ? s_weight : Scores();
        int[] order = layer.Channels!.Order;
        float[] ordered = [.. Enumerable.Range(0, scores.Length).Select(i => scores[(i / Columns * Columns) + order[i % Columns]])];
        bool[] inOrder = MaskReference.Forward(2, 4, ordered, Rows, Columns), expected = new bool[inOrder.Length];
        for (int i = 0; i < inOrder.Length; i++)
        {
            expected[(i / Columns * Columns) + order[i % Columns]] = inOrder[i];
        }

        Assert.Equal(-1, MaskReference.FirstDifference(expected, layer.Forward));
        Assert.True(layer.Channels.Kept > layer.Channels.DefaultKept);
        CheckShares(layer, expected);
    }

    [Fact]
    public void TheRowPermutationIsTheOneThatWasAskedFor()
    {
        OneShotOptions options = new(new(2, 4)) { Rows = new(PermutationSearch.Identity) };
        SparsifiedLayer identity = OneShot.Sparsify("fc", s_weight, Rows, Columns, options);
        SparsifiedLayer thorough = OneShot.Sparsify("fc", s_weight, Rows, Columns, options with { Rows = new(PermutationSearch.Thorough) });
        Assert.Equal(RowPermutation.Identity(Rows), identity.Rows.Permutation);
        Assert.Equal(identity.Kept.BackwardInOwnOrder, identity.Kept.Backward);
        Assert.True(thorough.Kept.Backward > identity.Kept.Backward);
        Assert.Equal(identity.Kept.Backward, thorough.Kept.BackwardInOwnOrder);
    }

    public static TheoryData<PruningMethod, int, int> SmallShapes => new()
    {
        { PruningMethod.Magnitude, 0, 8 },
        { PruningMethod.Magnitude, 8, 0 },
        { PruningMethod.Magnitude, 3, 2 },
        { PruningMethod.Wanda, 0, 8 },
        { PruningMethod.Wanda, 3, 2 },
        { PruningMethod.SparseGpt, 0, 8 },
        { PruningMethod.SparseGpt, 3, 2 },
        { PruningMethod.SparseGpt, 1, 1 },
    };

    // A group of no more than N members keeps them all, and inputs that were never active move nothing.
    [Theory]
    [MemberData(nameof(SmallShapes))]
    public void EmptyAndTinyLayersKeepEverything(PruningMethod method, int rows, int columns)
    {
        float[] weight = TestWeights.Gaussian(rows * columns, 3);
        CalibrationStatistics? statistics = columns == 0 ? null : CalibrationStatistics.FromGram("fc", new float[columns * columns], columns);
        SparsifiedLayer layer = OneShot.Sparsify("fc", weight, rows, columns, new(new(2, 4)) { Method = method, Channels = new(1) }, statistics);
        Assert.Equal(weight.Length, layer.Forward.CountKept());
        Assert.Equal(1, layer.Kept.Magnitude);
        Assert.Equal(weight, layer.Updated ?? weight);
    }

    [Fact]
    public void BadInputNamesTheLayer()
    {
        OneShotOptions options = new(new(2, 4));
        float[] bad = [.. s_weight];
        bad[100] = float.NaN;
        foreach (ChannelSearchOptions? channels in new ChannelSearchOptions?[] { null, new(1) })
        {
            var value = Assert.Throws<NMSparseValueException>(() => OneShot.Sparsify("blocks.1.fc", bad, Rows, Columns, options with { Channels = channels }));
            Assert.Contains("blocks.1.fc", value.Message, StringComparison.Ordinal);
            Assert.Contains("entry 100", value.Message, StringComparison.Ordinal);
        }

        var shape = Assert.Throws<NMSparseShapeException>(() => OneShot.Sparsify("fc", s_weight, Rows, Columns + 1, options));
        Assert.Contains($"{Rows * Columns} entries", shape.Message, StringComparison.Ordinal);
        Assert.Throws<NMSparsePatternException>(() => OneShot.Sparsify("fc", s_weight, Rows, Columns, new(default)));
        Assert.Throws<ArgumentOutOfRangeException>(() => OneShot.Sparsify("fc", s_weight, Rows, Columns, options with { Damping = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => OneShot.Sparsify("fc", s_weight, Rows, Columns, options with { Method = (PruningMethod)9 }));
    }

    [Fact]
    public void CalibrationThatIsMissingOrDoesNotFitIsRefused()
    {
        OneShotOptions wanda = new(new(2, 4)) { Method = PruningMethod.Wanda }, secondOrder = wanda with { Method = PruningMethod.SparseGpt };
        var squares = CalibrationStatistics.FromSumOfSquares("fc", s_squares);
        var missing = Assert.Throws<NMSparseCalibrationException>(() => OneShot.Sparsify("fc", s_weight, Rows, Columns, wanda));
        Assert.Contains("Wanda needs calibration data", missing.Message, StringComparison.Ordinal);
        Assert.Throws<NMSparseCalibrationException>(() => OneShot.Sparsify("fc", s_weight, Rows, Columns, secondOrder, squares));
        var other = Assert.Throws<NMSparseCalibrationException>(
            () => OneShot.Sparsify("fc", s_weight, Rows, Columns, wanda, CalibrationStatistics.FromSumOfSquares("head", [1, 2])));
        Assert.Contains("'head' has 2 features", other.Message, StringComparison.Ordinal);
    }

    private static float[] Scores() => [.. s_weight.Select((w, i) => (float)(w * Math.Sqrt(s_squares[i % Columns])))];

    private static void CheckShares(SparsifiedLayer layer, bool[] kept)
    {
        double all = s_weight.Sum(w => Math.Abs((double)w));
        Assert.Equal(s_weight.Where((_, i) => kept[i]).Sum(w => Math.Abs((double)w)) / all, layer.Kept.Magnitude, 1e-12);
        bool[] backward = MaskReference.Backward(layer.Pattern.N, layer.Pattern.M, s_weight, Rows, Columns, kept, layer.Rows.Permutation);
        Assert.Equal((double)backward.Count(b => b) / kept.Count(b => b), layer.Kept.Backward, 1e-12);
    }
}
