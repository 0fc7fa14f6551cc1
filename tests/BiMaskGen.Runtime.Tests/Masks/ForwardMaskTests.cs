using BiMaskGen.Masks;
using BiMaskGen.Patterns;
using BiMaskGen.Runtime.Tests.Support;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Masks;

public class ForwardMaskTests
{
    [Theory]
    // Ties go to the lower index.
    [InlineData(2, 4, "1 1 1 1", "1100")]
    [InlineData(2, 4, "1 -2 2 -2", "0110")]
    [InlineData(1, 4, "0 3 -3 3", "0100")]
    [InlineData(1, 2, "5 -5 -4 5", "1001")]
    // −0 is 0, and a denormal is more.
    [InlineData(2, 4, "-0 0 0 -0", "1100")]
    [InlineData(1, 4, "-0 0 -1e-45 1e-45", "0010")]
    [InlineData(2, 8, "0 0 0 0 0 1e-40 -1e-40 1e-45", "00000110")]
    [InlineData(2, 4, "3.4028235e38 1 -3.4028235e38 2", "1010")]
    // A remainder of r keeps min(N, r).
    [InlineData(2, 4, "1 2 3 4 5", "00111")]
    [InlineData(2, 4, "1 2 3 4 0 0", "001111")]
    [InlineData(2, 4, "1 2 3 4 1 1 1", "0011110")]
    [InlineData(3, 8, "0 -0", "11")]
    [InlineData(1, 16, "1 -7 7", "010")]
    public void Keeps_the_largest(int n, int m, string row, string expected)
    {
        float[] weight = [.. row.Split(' ').Select(text => float.Parse(text, System.Globalization.CultureInfo.InvariantCulture))];
        var mask = new NMMask(1, weight.Length);
        ForwardMask.Compute(new NMPattern(n, m), weight, 1, weight.Length, mask);
        Assert.Equal(expected, string.Concat(MaskReference.Flatten(mask).Select(bit => bit ? '1' : '0')));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(2, 8)]
    [InlineData(1, 16)]
    [InlineData(5, 7)]
    public void Every_length_around_the_vector_and_word_widths(int n, int m)
    {
        for (int columns = 0; columns <= 200; columns++)
        {
            float[] weight = TestWeights.Ties(3 * columns, columns);
            var mask = new NMMask(3, columns);
            ForwardMask.Compute(new NMPattern(n, m), weight, 3, columns, mask);
            Assert.Equal(-1, MaskReference.FirstDifference(MaskReference.Forward(n, m, weight, 3, columns), mask));
            Assert.Equal(3L * new NMPattern(n, m).KeptIn(columns), mask.CountKept());
        }
    }

    [Fact]
    public void A_row_range_leaves_the_other_rows_alone()
    {
        float[] weight = TestWeights.Gaussian(9 * 70, 1);
        var whole = new NMMask(9, 70);
        var parts = new NMMask(9, 70);
        ForwardMask.Compute<Pattern2x4>(weight, 9, 70, whole);
        ForwardMask.Compute(NMPattern.Of<Pattern2x4>(), weight, 9, 70, parts, 0, 4);
        Assert.Equal(4 * 36, parts.CountKept());
        ForwardMask.Compute(NMPattern.Of<Pattern2x4>(), weight, 9, 70, parts, 4, 5);
        Assert.Equal(whole.Words.ToArray(), parts.Words.ToArray());
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_refused()
    {
        var mask = new NMMask(2, 8);
        NMPattern pattern = new(2, 4);
        Assert.Throws<ArgumentException>(() => ForwardMask.Compute(pattern, new float[15], 2, 8, mask));
        Assert.Throws<ArgumentException>(() => ForwardMask.Compute(pattern, new float[16], 4, 4, mask));
        Assert.Throws<ArgumentException>(() => ForwardMask.Compute(pattern, new float[24], 3, 8, mask));
        Assert.Throws<ArgumentNullException>(() => ForwardMask.Compute(pattern, new float[16], 2, 8, null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => ForwardMask.Compute(pattern, [], -2, 0, mask));
        Assert.Throws<ArgumentOutOfRangeException>(() => ForwardMask.Compute(pattern, new float[16], 2, 8, mask, 1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => ForwardMask.Compute(pattern, new float[16], 2, 8, mask, int.MaxValue, 1));
        Assert.Throws<NMSparsePatternException>(() => ForwardMask.Compute(default, new float[16], 2, 8, mask));
    }
}
