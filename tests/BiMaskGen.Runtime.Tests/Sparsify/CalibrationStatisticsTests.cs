using BiMaskGen.Runtime.Tests.Support;
using BiMaskGen.Sparsify;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Sparsify;

public sealed class CalibrationStatisticsTests
{
    private const int Features = 270, Samples = 300;

    private static readonly float[] s_inputs = TestWeights.Gaussian(Features * Samples, 1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SumsAreThoseOfTheDefinitionHoweverTheInputsCome(bool withGram)
    {
        var statistics = new CalibrationStatistics("fc", Features, withGram);
        foreach (float[] piece in s_inputs.Chunk(Features * 130))
        {
            statistics.Add(piece);
        }

        statistics.Add([]);
        Assert.Equal(Samples, statistics.Samples);
        Assert.Equal(withGram, statistics.HasGram);
        Assert.Equal(withGram ? Features * Features : 0, statistics.Gram.Length);
        for (int i = 0; i < Features; i++)
        {
            Assert.Equal(Product(i, i), statistics.SumOfSquares[i], 1e-3);
            for (int j = i; withGram && j < Features; j++)
            {
                Assert.Equal(Product(i, j), statistics.Gram[(i * Features) + j], 1e-3);
            }
        }
    }

    [Fact]
    public void ReadyMadeStatisticsAreTaken()
    {
        float[] gram = [4, 1, 1, 9];
        CalibrationStatistics both = CalibrationStatistics.FromGram("fc", gram, 2), squares = CalibrationStatistics.FromSumOfSquares("fc", [4, 9]);
        Assert.Equal([4.0, 9.0], both.SumOfSquares);
        Assert.Equal([4.0, 9.0], squares.SumOfSquares);
        Assert.Equal(1, both.Gram[1]);
        Assert.True(both.HasGram);
        Assert.False(squares.HasGram);
    }

    [Theory]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void ASumOfSquaresThatCannotBeOneIsRefused(float value)
    {
        var error = Assert.Throws<NMSparseCalibrationException>(() => CalibrationStatistics.FromSumOfSquares("blocks.3.fc", [1, value]));
        Assert.Contains("blocks.3.fc", error.Message, StringComparison.Ordinal);
        Assert.Contains("feature 1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new float[] { 1, 2, 2, 1 })]
    [InlineData(new float[] { 4, 1, 2, 4 })]
    [InlineData(new float[] { 4, float.NaN, float.NaN, 4 })]
    [InlineData(new float[] { 4, 1, 1, -4 })]
    [InlineData(new float[] { 4, 1, 1 })]
    public void AMatrixThatIsNoGramIsRefused(float[] gram) =>
        Assert.Throws<NMSparseCalibrationException>(() => CalibrationStatistics.FromGram("fc", gram, 2));

    [Fact]
    public void InputsThatDoNotFitAreRefusedAndAddNothing()
    {
        var statistics = new CalibrationStatistics("fc", 3, withGram: false);
        Assert.Contains("4", Assert.Throws<NMSparseCalibrationException>(() => statistics.Add([1, 2, 3, 4])).Message, StringComparison.Ordinal);
        var error = Assert.Throws<NMSparseCalibrationException>(() => statistics.Add([1, 2, 3, 4, float.NaN, 6]));
        Assert.Contains("input 1 is NaN at feature 1", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, statistics.Samples);
        Assert.Equal([0.0, 0, 0], statistics.SumOfSquares);
    }

    private static double Product(int i, int j) =>
        Enumerable.Range(0, Samples).Sum(s => (double)s_inputs[(s * Features) + i] * s_inputs[(s * Features) + j]);
}
