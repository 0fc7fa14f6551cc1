using BiMaskGen.Masks;
using BiMaskGen.Runtime.Tests.Kernels;
using BiMaskGen.Runtime.Tests.Support;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Masks;

[Collection(KernelSettings.Name)]
public sealed class MaskPassTests
{
    private const int Rows = 143, Columns = 330;

    private static readonly float[] s_weight = TestWeights.Gaussian(Rows * Columns, 1);
    private static readonly int[] s_permutation = TestWeights.Permutation(Rows, 2);

    public static TheoryData<int, int, int> Cases => new()
    {
        { 2, 4, 1 },
        { 2, 4, 3 },
        { 1, 4, 2 },
        { 2, 8, 2 },
        { 4, 8, 2 },
        { 1, 16, 3 },
        { 3, 7, 2 },
        { 17, 32, 2 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void BothMasksAreThoseOfTheDefinition(int n, int m, int threads) => KernelSettings.With(512, threads, () =>
    {
        NMMask forward = new(Rows, Columns), backward = new(Rows, Columns);
        Assert.True(MaskPass.Run(new NMPattern(n, m), s_weight, s_permutation, forward, backward));
        bool[] expected = MaskReference.Forward(n, m, s_weight, Rows, Columns);
        Assert.Equal(-1, MaskReference.FirstDifference(expected, forward));
        bool[] both = MaskReference.Backward(n, m, s_weight, Rows, Columns, expected, s_permutation);
        Assert.Equal(-1, MaskReference.FirstDifference(both, backward));
    });

    [Fact]
    public void WithoutAPermutationTheForwardMaskIsMadeAlone()
    {
        NMMask forward = new(Rows, Columns);
        Assert.True(MaskPass.Run(new NMPattern(2, 4), s_weight, [], forward, null));
        Assert.Equal(-1, MaskReference.FirstDifference(MaskReference.Forward(2, 4, s_weight, Rows, Columns), forward));
    }

    [Fact]
    public void TheBackwardMaskOfAForwardMaskLeavesThatAlone()
    {
        bool[] kept = MaskReference.Forward(1, 4, s_weight, Rows, Columns);
        NMMask forward = MaskReference.ToMask(kept, Rows, Columns), backward = new(Rows, Columns);
        MaskPass.RunBackward(new NMPattern(2, 4), s_weight, s_permutation, forward, backward);
        Assert.Equal(-1, MaskReference.FirstDifference(kept, forward));
        bool[] expected = MaskReference.Backward(2, 4, s_weight, Rows, Columns, kept, s_permutation);
        Assert.Equal(-1, MaskReference.FirstDifference(expected, backward));
    }

    [Theory]
    [InlineData(0, float.NaN)]
    [InlineData((Rows * Columns) - 1, float.NegativeInfinity)]
    [InlineData(777, float.PositiveInfinity)]
    public void AWeightThatIsNotFiniteIsFound(int place, float value)
    {
        float[] weight = [.. s_weight];
        weight[place] = value;
        Assert.False(MaskPass.Run(new NMPattern(2, 4), weight, s_permutation, new NMMask(Rows, Columns), new NMMask(Rows, Columns)));
        Assert.False(MaskPass.Run(new NMPattern(2, 4), weight, [], new NMMask(Rows, Columns), null));
    }

    [Fact]
    public void ArgumentsThatDisagreeAreRefused()
    {
        NMMask forward = new(Rows, Columns);
        NMPattern pattern = new(2, 4);
        Assert.Throws<ArgumentException>(() => MaskPass.Run(pattern, s_weight.AsSpan(1), [], forward, null));
        Assert.Throws<ArgumentException>(() => MaskPass.Run(pattern, s_weight, s_permutation, forward, new NMMask(Rows, Columns + 1)));
        Assert.Throws<ArgumentException>(() => MaskPass.Run(pattern, s_weight, [0, 1], forward, new NMMask(Rows, Columns)));
        Assert.Throws<NMSparsePatternException>(() => MaskPass.Run(default, s_weight, [], forward, null));
    }
}
