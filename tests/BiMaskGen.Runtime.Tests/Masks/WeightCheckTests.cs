using BiMaskGen.Masks;
using BiMaskGen.Runtime.Tests.Support;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Masks;

public class WeightCheckTests
{
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Finds_it_at_every_place_of_every_length(float bad)
    {
        for (int length = 1; length <= 70; length++)
        {
            for (int place = 0; place < length; place++)
            {
                float[] weight = TestWeights.Ties(length, place);
                weight[place] = bad;
                weight[^1] = bad;
                Assert.Equal(place, WeightCheck.FirstNonFinite(weight));
            }
        }
    }

    [Fact]
    public void Finite_weights_pass()
    {
        Assert.Equal(-1, WeightCheck.FirstNonFinite([]));
        Assert.Equal(-1, WeightCheck.FirstNonFinite([float.MaxValue, float.MinValue, -0f, float.Epsilon]));
        Assert.Equal(-1, WeightCheck.FirstNonFinite(TestWeights.Ties(1000, 1)));
    }

    [Fact]
    public void A_NaN_of_either_sign_is_found()
    {
        Assert.Equal(1, WeightCheck.FirstNonFinite([0, BitConverter.UInt32BitsToSingle(0xFF80_0001)]));
        Assert.Equal(1, WeightCheck.FirstNonFinite([0, BitConverter.UInt32BitsToSingle(0x7F80_0001)]));
    }
}
